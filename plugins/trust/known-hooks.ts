import type { Hook } from "./hook.ts";
import rows from "./known-hooks.txt" with { type: "text" };

/** Hooks of widely used packages that were read: rows of package, file and SHA-256 of the content. */
export const isKnownHook = (hook: Hook): boolean =>
  rows.split("\n").some((row) => row.startsWith(`${hook.package} `) && row.endsWith(` ${hook.sha256}`));

import type { Command } from "../plugin-api/command.ts";

/** Fast forms of the shipped commands, reachable without loading a single manifest. */
export const fast: Readonly<Record<string, NonNullable<Command["fast"]>>> = {
  run: () => import("../plugins/runner/fast.ts"),
};

import type { Fast, Load } from "../plugin-api/command.ts";

/** Fast forms of the shipped commands: loading the manifests would already cost more than they save. */
export const fast: Readonly<Record<string, Load<Fast>>> = {
  run: () => import("../plugins/runner/fast.ts"),
};

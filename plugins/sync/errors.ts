import type { CodeSpec } from "../../plugin-api/error.ts";

export const codes = {
  E_PROJECT_PART: {
    exitCode: 3,
    summary: "the project has no extra, group or member of that name",
    cause: "the name is misspelled, or belongs to another project",
    example: "`pybun sync --extra gpu` where no extra is called `gpu`",
    repair: "take one of the names the message lists",
  },
  W_LOCK_STALE: {
    summary: "the lock does not match the project",
    cause: "pyproject.toml was changed after the lock was made",
    example: "`pybun sync` after a dependency was added by hand",
    repair: "make the lock anew with `pybun lock`, or do both with `pybun install`",
  },
} satisfies Record<string, CodeSpec>;

import type { CodeSpec } from "../../plugin-api/error.ts";

export const codes = {
  E_NOT_LOCKED: {
    exitCode: 3,
    summary: "the lock has no package of that name",
    cause: "the name is misspelled, or nothing that was locked requires the package",
    example: "`pybun why reqests`",
    repair: "take the name that is proposed; `pybun tree` shows all there are",
  },
} satisfies Record<string, CodeSpec>;

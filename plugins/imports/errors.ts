import type { CodeSpec } from "../../plugin-api/error.ts";

export const codes = {
  E_IMPORT_MISSING: {
    summary: "the program imports a module that is not there",
    cause:
      "the distribution that has it is not installed in the environment the program runs in, mostly because nothing requires it",
    example: "`import numpy` in a project whose `dependencies` have no `numpy`",
    repair: "add the distribution, as the hint says; its name is not always that of the module",
  },
} satisfies Record<string, CodeSpec>;

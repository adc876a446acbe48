import type { CodeSpec } from "../../plugin-api/error.ts";

export const codes = {
  I_RUN_TIMINGS: {
    summary: "what the phases of a run took",
    cause: "the profile asks for it",
    example: "`pybun run --profile=benchmark app.py`",
    repair: "nothing; another profile does not print it",
  },
  E_IMPORTS_UNKNOWN: {
    exitCode: 2,
    summary: "a program did not tell what it imported",
    cause:
      "it is no Python program, was ended before it could tell, or is started with -I, -E or -S, where nothing can take part",
    example: "`pybun profile -I app.py`",
    repair: "start it without these options, and let it come to its end",
  },
  E_PROFILE_UNKNOWN: {
    exitCode: 3,
    summary: "there is no profile of that name",
    cause: "the name is misspelled, or the profile is declared in another project",
    example: "`pybun run --profile=production app.py`",
    repair: "see which there are: `pybun profile --list`",
  },
  E_PROFILE_INVALID: {
    exitCode: 3,
    summary: "a profile is not declared as profiles are",
    cause: "a key is misspelled or has a value of another kind, or the profile extends one that there is not",
    example: '`[tool.pybun.profiles.ci]` with `optimise = "yes"`',
    repair: "correct the key that the message names; `pybun profile --show prod` shows all keys",
  },
} satisfies Record<string, CodeSpec>;

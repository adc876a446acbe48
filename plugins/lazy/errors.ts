import type { CodeSpec } from "../../plugin-api/error.ts";

export const codes = {
  E_LAZY_CONFIG: {
    exitCode: 3,
    summary: "a file with a configuration of lazy imports can't be used",
    cause: "it is no TOML, or has keys or values that `run.lazy` has not",
    example: '`pybun lazy-import --config lazy.toml --show-config` with `mode = "on"` in the file',
    repair: "correct the key that the message names; `pybun lazy-import --show-config` shows all of them",
  },
  E_LAZY_UNSTEADY: {
    exitCode: 1,
    summary: "nothing can be suggested for a program that fails or says something else each time",
    cause: "the program ended with an error, or two runs without lazy imports differ",
    example: "`pybun run --lazy-suggest app.py` where app.py prints the time",
    repair: "give it arguments with which it ends well and prints the same, such as `--help`",
  },
} satisfies Record<string, CodeSpec>;

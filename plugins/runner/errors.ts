import type { CodeSpec } from "../../plugin-api/error.ts";

export const codes = {
  E_TARGET_NOT_FOUND: {
    exitCode: 2,
    summary: "there is nothing of that name to run",
    cause: "no such file, no such command in the environment, and none on PATH",
    example: "`pybun run no-such-file.py`",
    repair: "check the spelling; a tool that is not installed runs with `pybun x NAME`",
  },
} satisfies Record<string, CodeSpec>;

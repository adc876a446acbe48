import type { CodeSpec } from "../../plugin-api/error.ts";

export const codes = {
  E_TARGET_NOT_FOUND: {
    exitCode: 2,
    summary: "there is nothing of that name to run",
    cause: "no such file, no such command in the environment, and none on PATH",
    example: "`pybun run no-such-file.py`",
    repair: "check the spelling; a tool that is not installed runs with `pybun x NAME`",
  },
  W_COMMAND_ELSEWHERE: {
    summary: "a command that a group or an extra of the project asks for is run from elsewhere",
    cause: "the group or extra is not installed, and PATH has a command of that name, mostly of another Python",
    example: "`pybun run pytest` where a group `test` that is not installed asks for pytest, and the machine has one",
    repair: "run it with the group or extra, as the hint says, or install that: `pybun install --group test`",
  },
  W_ENV_REBUILT: {
    summary: "the project's environment was made anew, and packages it held are gone",
    cause: "another Python was asked for than it was made with, and packages belong to one Python",
    example: "`pybun run --python 3.13 app.py` in a project whose environment has Python 3.12",
    repair: "install the packages again; `--isolated` with `--python` leaves the project's environment alone",
  },
} satisfies Record<string, CodeSpec>;

import type { CodeSpec } from "../../plugin-api/error.ts";

export const codes = {
  E_TOOL_NOT_FOUND: {
    exitCode: 2,
    summary: "no tool of that name is installed",
    cause: "the name is misspelled, or the tool was never installed with `pybun tool install`",
    example: "`pybun tool upgrade ruff` where only black is installed",
    repair: "see which there are: `pybun tool list`",
  },
  E_TOOL_COMMAND_TAKEN: {
    exitCode: 6,
    summary: "a command of the tool would replace one that is there already",
    cause:
      "another tool, or something that PyBun did not put there, has a command of that name in the folder of commands",
    example: "`pybun tool install ruff` where ~/.local/bin/ruff was put there by somebody else",
    repair: "remove the other one, or replace it with `--force`",
  },
  E_TOOL_NO_COMMAND: {
    exitCode: 2,
    summary: "the package has no command, so there is nothing to install as a tool",
    cause: "it is a library, or its commands belong to another package",
    example: "`pybun tool install six`",
    repair: "install the package that has the command; a library is added to a project with `pybun add`",
  },
  E_TOOL_RECORD: {
    exitCode: 3,
    summary: "the record of an installed tool cannot be read",
    cause: "it was written by a newer PyBun, or damaged",
    example: "a file in the data directory's `tools` that was cut off",
    repair: "install the tool again with `--force`, or update PyBun",
  },
  W_TOOL_PATH: {
    summary: "commands of tools are put into a folder that is not on PATH",
    cause: "the shell looks for commands in the folders of PATH only",
    example: "`pybun tool install ruff` on a system where ~/.local/bin is not on PATH",
    repair: "run `pybun tool update-shell` once and open a new shell",
  },
} satisfies Record<string, CodeSpec>;

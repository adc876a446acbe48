import type { CodeSpec } from "../../plugin-api/error.ts";

export const codes = {
  E_MIGRATE_NOTHING: {
    exitCode: 3,
    summary: "there is nothing of that tool to convert",
    cause: "the folder has no pyproject.toml with a table of the tool, and no file of it",
    example: "`pybun config import poetry` in a project that never was one of Poetry's",
    repair: "name another tool, or go to the project's folder",
  },
  E_MIGRATE_REFUSED: {
    exitCode: 3,
    summary: "a project's file can't be converted as it is",
    cause: "it is no TOML, or what would come of it is no project that can be read",
    example: "`[tool.poetry]` without a name, in a file that has no `[project]` either",
    repair: "correct the line that the message names, and convert again",
  },
} satisfies Record<string, CodeSpec>;

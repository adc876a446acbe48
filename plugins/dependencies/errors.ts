import type { CodeSpec } from "../../plugin-api/error.ts";

export const codes = {
  E_NOT_A_DEPENDENCY: {
    exitCode: 3,
    summary: "what shall be removed is not declared there",
    cause: "another list of the project has it, something else requires it, or its name is misspelled",
    example: "`pybun remove anyio` where only fastapi requires anyio",
    repair: "remove what requires it, or name the list: `pybun remove --dev NAME`",
  },
  E_DEPENDENCIES_ELSEWHERE: {
    exitCode: 3,
    summary: "the project's dependencies do not stand where they could be changed",
    cause: "`[project]` is missing, or says in `dynamic` that the build backend knows them",
    example: '`pybun add rich` where pyproject.toml has `dynamic = ["dependencies"]`',
    repair: "list them below `[project]` as `dependencies`, and take the word out of `dynamic`",
  },
  E_DEPENDENCY_AMBIGUOUS: {
    exitCode: 3,
    summary: "a package is declared several times, and nobody said which one is meant",
    cause: "it stands in the list with several markers",
    example: '`pybun add "numpy>=2"` where numpy stands there for two ranges of Python',
    repair: "name the marker too, or change the file by hand",
  },
  W_LOOKALIKE: {
    summary: "the name of a package that was added is close to that of a well-known one",
    cause: "it may be what was meant, or made to be taken for the other",
    example: "`pybun add python-dateutils`, where `python-dateutil` is the well-known one",
    repair: "look at the package's page; `pybun remove NAME` takes it out again",
  },
  W_REQUIREMENTS_PASSED_OVER: {
    summary: "a requirements file says something that a project has no place for",
    cause: "hashes belong to the lock, and indexes to the configuration",
    example: "`pybun add -r requirements.txt` where the file has `--index-url`",
    repair: "nothing has to be done for hashes; give an index by name: `pybun add --index NAME`",
  },
} satisfies Record<string, CodeSpec>;

import type { CodeSpec } from "../../plugin-api/error.ts";

export const codes = {
  E_TASK_NOT_FOUND: {
    exitCode: 2,
    summary: "the project has no task of that name",
    cause: "the name is misspelled, or the task is declared in another project",
    example: "`pybun task lnt` where the project has `lint`",
    repair: "see which there are: `pybun task`",
  },
  E_TASK_INVALID: {
    exitCode: 3,
    summary: "a task is not declared as tasks are",
    cause: "a key is misspelled or has a value of another type, or the task says in two ways what it does",
    example: '`lint = { command = "ruff check" }` below `[tool.pybun.tasks]`',
    repair: "correct the line that the message names; the guide's page on tasks has all keys",
  },
  E_TASK_CYCLE: {
    exitCode: 3,
    summary: "tasks wait for each other in a circle",
    cause: "a task depends, directly or through others, on itself",
    example: '`a = { depends-on = ["b"] }` and `b = { depends-on = ["a"] }`',
    repair: "remove one of the dependencies that the message lists",
  },
} satisfies Record<string, CodeSpec>;

import { commandSpec } from "../../plugin-api/command.ts";

const text = { type: "string" };
const flag = { type: "boolean" };

export const TOOLS = ["uv", "poetry", "pdm", "pipenv"] as const;
export type Tool = (typeof TOOLS)[number];

export const importConfig = commandSpec({
  summary: "Convert what a project says to uv, Poetry, PDM or Pipenv into the standard tables and PyBun's",
  brief: "convert a project of another tool",
  operands: "[uv|poetry|pdm|pipenv]",
  arity: [0, 1],
  options: { dryRun: { kind: "flag", help: "show the change line by line, and change nothing" } },
  examples: [
    ["pybun config import poetry --dry-run", "what would become of pyproject.toml"],
    ["pybun config import", "whichever tool the project is of"],
    ["pybun lock --import poetry.lock", "afterwards: keep the versions as well"],
  ],
  maturity: "preview",
  group: "More",
  isAct: true,
  data: {
    type: "object",
    properties: {
      tool: { enum: TOOLS },
      file: text,
      dependencies: { type: "integer" },
      groups: { type: "array", items: text },
      left: {
        type: "array",
        items: {
          type: "object",
          properties: { file: text, line: { type: "integer" }, key: text, reason: text },
          required: ["file", "line", "key", "reason"],
        },
      },
      diff: { type: "array", items: text },
      up_to_date: flag,
      dry_run: flag,
    },
    required: ["tool", "file", "dependencies", "groups", "left", "diff", "up_to_date", "dry_run"],
  },
});

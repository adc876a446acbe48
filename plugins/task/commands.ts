import { commandSpec } from "../../plugin-api/command.ts";

const text = { type: "string" };
const maybe = { type: ["string", "null"] };
const texts = { type: "array", items: text };

export const task = commandSpec({
  summary: "Run a task of the project with those it depends on, or list them",
  brief: "run a named task",
  operands: "[name] [args...]",
  arity: [0, Number.POSITIVE_INFINITY],
  handsOver: true,
  isHosting: true,
  options: {
    force: { kind: "flag", help: "run tasks also when their inputs are as they were" },
    stream: { kind: "flag", help: "with a JSON format, copy the tasks' output to standard error as it comes" },
    dryRun: { kind: "flag", help: "say what would run, and run nothing" },
  },
  habits: { "--list": "", "-l": "" },
  examples: [
    ["pybun task", "list the tasks of the project"],
    ["pybun task test", "run one, after those it depends on"],
    ["pybun task test -k login", "with arguments of its own"],
  ],
  maturity: "preview",
  group: "Run",
  place: 40,
  data: {
    type: "object",
    properties: {
      task: maybe,
      exit_code: { type: "integer" },
      dry_run: { type: "boolean" },
      tasks: {
        type: "array",
        items: {
          type: "object",
          properties: {
            name: text,
            origin: text,
            help: maybe,
            does: maybe,
            depends_on: texts,
            status: { enum: ["ran", "up to date", "failed", "would run"] },
            argv: texts,
            exit_code: { type: "integer" },
            signal: maybe,
            stdout: text,
            stderr: text,
            duration_ms: { type: "number" },
          },
          required: ["name"],
        },
      },
    },
    required: ["tasks"],
  },
});

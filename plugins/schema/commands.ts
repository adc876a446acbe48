import { commandSpec } from "../../plugin-api/command.ts";

export const print = commandSpec({
  summary: "Print a JSON Schema of PyBun's output",
  brief: "print a JSON Schema of the output",
  options: {
    type: {
      kind: "text",
      choices: ["envelope", "event", "diagnostic", "data"],
      default: "envelope",
      help: "what the schema describes",
    },
    command: { kind: "text", value: "COMMAND", help: "for this command, such as `python list`" },
  },
  examples: [
    ["pybun schema print > envelope.json", "what every command prints with --format=json"],
    ["pybun schema print --type event", "one line of --format=ndjson"],
    ['pybun schema print --command "config list"', "with that command's data"],
  ],
  data: { type: "object", properties: { schema: { type: "object" } }, required: ["schema"] },
  maturity: "stable",
  group: "More",
});

export const check = commandSpec({
  summary: "Compare the schemas with the frozen ones and list breaking changes",
  brief: "list breaking changes of the schemas",
  options: { against: { kind: "text", value: "FILE", help: "compare with FILE, made by `schema print`, instead" } },
  examples: [
    ["pybun schema check", "with the copy in the executable"],
    ["pybun schema check --against envelope.json", "with one printed before"],
  ],
  maturity: "stable",
  group: "More",
  isAct: true,
  data: {
    type: "object",
    properties: {
      compatible: { type: "boolean" },
      breaking: {
        type: "array",
        items: {
          type: "object",
          properties: { path: { type: "string" }, change: { type: "string" } },
          required: ["path", "change"],
        },
      },
    },
    required: ["compatible", "breaking"],
  },
});

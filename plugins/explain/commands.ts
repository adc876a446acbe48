import { commandSpec } from "../../plugin-api/command.ts";

export const explain = commandSpec({
  summary: "Explain the code of an error or a warning",
  brief: "explain the code of an error",
  operands: "<code>",
  arity: [1, 1],
  options: {},
  examples: [
    ["pybun explain E_NETWORK", "cause, example and repair"],
    ["pybun explain E_NETWORK --format=json", "the same for programs"],
  ],
  maturity: "stable",
  group: "More",
  data: {
    type: "object",
    properties: {
      code: { type: "string" },
      plugin: { type: "string" },
      exit_code: { type: ["integer", "null"] },
      summary: { type: "string" },
      cause: { type: "string" },
      example: { type: "string" },
      repair: { type: "string" },
    },
    required: ["code", "plugin", "exit_code", "summary", "cause", "example", "repair"],
  },
});

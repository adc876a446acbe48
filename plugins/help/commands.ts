import { commandSpec } from "../../plugin-api/command.ts";

export const help = commandSpec({
  summary: "Show the commands, or one command with its options",
  brief: "show the commands, or one with its options",
  operands: "[command...]",
  arity: [0, 4],
  options: {},
  examples: [
    ["pybun help", "all commands"],
    ["pybun help run", "one command"],
    ["pybun help run -v", "with the options of every command"],
  ],
  maturity: "stable",
  group: "More",
});

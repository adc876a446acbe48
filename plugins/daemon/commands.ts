import { commandSpec } from "../../plugin-api/command.ts";

const DAEMON = {
  type: "object",
  properties: {
    pid: { type: "integer" },
    terminal: { type: ["integer", "null"], description: "session of the terminal it belongs to" },
    started: { type: "string" },
    last_used: { type: "string" },
    served: { type: "integer", description: "commands that it has run" },
    bytes: { type: "integer", description: "resident memory" },
  },
  required: ["pid", "terminal", "started", "last_used", "served", "bytes"],
};
const DATA = { type: "object", properties: { daemons: { type: "array", items: DAEMON } }, required: ["daemons"] };

export const status = commandSpec({
  summary: "Show the daemons: PyBuns that have started already and run commands at once",
  brief: "the daemons that run",
  options: {},
  examples: [["pybun daemon status", "a line for each"]],
  maturity: "preview",
  group: "More",
  data: DATA,
});

export const stop = commandSpec({
  summary: "End the daemons; each when the command is done that it runs",
  brief: "end the daemons",
  options: {},
  examples: [["pybun daemon stop", "all of them; the next command that can use one starts another"]],
  maturity: "preview",
  group: "More",
  isAct: true,
  data: DATA,
});

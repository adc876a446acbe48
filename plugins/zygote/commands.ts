import { commandSpec } from "../../plugin-api/command.ts";

const SERVER = {
  type: "object",
  properties: {
    pid: { type: "integer" },
    python: { type: "string" },
    environment: { type: "string" },
    terminal: { type: ["integer", "null"], description: "session of the terminal it belongs to" },
    started: { type: "string" },
    last_used: { type: "string" },
    modules: { type: "integer", description: "loaded ahead" },
    served: { type: "integer", description: "programs that it has begun to run" },
    running: { type: "integer", description: "programs that run" },
    bytes: { type: "integer", description: "resident memory" },
  },
  required: [
    "pid",
    "python",
    "environment",
    "terminal",
    "started",
    "last_used",
    "modules",
    "served",
    "running",
    "bytes",
  ],
};
const DATA = { type: "object", properties: { servers: { type: "array", items: SERVER } }, required: ["servers"] };

export const status = commandSpec({
  summary: "Show the fork servers that run: Pythons that have started and become programs at once",
  brief: "the fork servers that run",
  options: {},
  examples: [["pybun zygote status", "a line for each"]],
  maturity: "preview",
  group: "Run",
  data: DATA,
});

export const stop = commandSpec({
  summary: "End the fork servers; programs that run go on",
  brief: "end the fork servers",
  options: {},
  examples: [["pybun zygote stop", "all of them; the next repeated run starts another"]],
  maturity: "preview",
  group: "Run",
  isAct: true,
  data: DATA,
});

import { commandSpec } from "../../plugin-api/command.ts";
import { readPythonOption } from "../../plugin-api/launch/python-options.ts";

const strings = { type: "array", items: { type: "string" } } as const;

export const watch = commandSpec({
  summary: "Run a program, and again whenever its files change",
  brief: "run again on change",
  operands: "[target] [args...]",
  arity: [0, Number.POSITIVE_INFINITY],
  handsOver: true,
  handsOverAt: (word) => readPythonOption(word)?.ending !== undefined,
  childOptions: (word) => readPythonOption(word)?.needsValue,
  isHosting: true,
  options: {
    path: { kind: "list", value: "PATH", help: "watch this folder or file instead of the current folder" },
    include: { kind: "list", value: "GLOB", help: "watch only files like this" },
    exclude: { kind: "list", value: "GLOB", help: "leave out files and folders like this, too" },
    debounce: { kind: "number", value: "MS", help: "how long it has to be quiet before changes count" },
    backend: { kind: "text", choices: ["auto", "native", "external"], value: "KIND", help: "who watches" },
    reload: { kind: "flag", default: true, help: "act on changes; --no-reload only tells of them" },
    clear: { kind: "flag", help: "clear the terminal before each start" },
    showConfig: { kind: "flag", help: "show what would be watched and how" },
    shellCommand: { kind: "flag", help: "show a command line of another watcher that does the same" },
    dryRun: { kind: "flag", help: "say what would run and be watched, and do neither" },
  },
  examples: [
    ["pybun watch app.py --port 8000", "start it again whenever a file changes"],
    ["pybun watch --hot-reload -m flask run", "put changes into the running program"],
    ["pybun watch --path src --include '*.py' pytest -q", "another command, and only these files"],
    ["pybun watch --show-config", "what is watched"],
  ],
  maturity: "preview",
  group: "Run",
  place: 15,
  data: {
    type: "object",
    required: ["target", "paths", "include", "exclude", "debounce_ms", "backend", "hot_reload", "reload", "dry_run"],
    properties: {
      target: { anyOf: [{ type: "string" }, { type: "null" }] },
      args: strings,
      paths: strings,
      include: strings,
      exclude: strings,
      debounce_ms: { type: "number" },
      backend: { type: "string" },
      hot_reload: { type: "boolean" },
      reload: { type: "boolean" },
      dry_run: { type: "boolean" },
      files: { type: "number" },
      folders: { type: "number" },
      shell_command: strings,
      argv: strings,
      restarts: { type: "number" },
      patches: { type: "number" },
      last_exit_code: { anyOf: [{ type: "number" }, { type: "null" }] },
    },
  },
});

import { commandSpec } from "../../plugin-api/command.ts";

/** Interpreter options that may stand before the target, and whether a value follows (SPEC RUN-09). */
export const PYTHON_OPTIONS = {
  "-b": false,
  "-B": false,
  "-d": false,
  "-E": false,
  "-i": false,
  "-I": false,
  "-O": false,
  "-OO": false,
  "-P": false,
  "-R": false,
  "-s": false,
  "-S": false,
  "-u": false,
  "-x": false,
  "-W": true,
  "-X": true,
} as const;

export const run = commandSpec({
  summary: "Run a script, module, code or command in the environment that fits",
  brief: "run a script, module or command",
  operands: "<target> [args...]",
  arity: [1, Number.POSITIVE_INFINITY],
  handsOver: true,
  handsOverAt: ["-c", "-m"],
  childOptions: PYTHON_OPTIONS,
  isHosting: true,
  options: {
    with: { kind: "list", value: "SPEC", help: "add a requirement, or what is at a path or URL, for this run" },
    withEditable: {
      kind: "list",
      short: "e",
      value: "DIR",
      help: "add a project's folder, so that changes to it count at once",
    },
    isolated: { kind: "flag", help: "use no project environment, only what --with adds" },
    envFile: {
      kind: "list",
      value: "FILE",
      env: ["PYBUN_ENV_FILE"],
      key: "run.env-file",
      help: "set the variables FILE lists",
    },
    stream: { kind: "flag", help: "with a JSON format, copy the child's output to standard error as it comes" },
    dryRun: { kind: "flag", help: "say what would run, and run nothing" },
  },
  examples: [
    ["pybun run app.py --port 8000", "a script with its arguments"],
    ["pybun run -m http.server", "a module"],
    ["pybun run -c 'print(1)'", "a piece of code"],
    ["pybun run --with rich show.py", "with one package more"],
  ],
  maturity: "preview",
  group: "Run",
});

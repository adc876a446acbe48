import { commandSpec } from "../../plugin-api/command.ts";

export const x = commandSpec({
  summary: "Run a tool once, in an environment of its own",
  brief: "run a tool once",
  operands: "<package|path|url> [args...]",
  arity: [1, Number.POSITIVE_INFINITY],
  handsOver: true,
  isHosting: true,
  options: {
    from: { kind: "text", value: "PKG", help: "package that has the command, where the two names differ" },
    with: { kind: "list", value: "SPEC", help: "add a requirement, or what is at a path or URL" },
    withEditable: {
      kind: "list",
      short: "e",
      value: "DIR",
      help: "add a project's folder, so that changes to it count at once",
    },
    reuse: { kind: "flag", env: ["PYBUN_X_REUSE"], key: "x.reuse", help: "keep the environment for the next time" },
    stream: { kind: "flag", help: "with a JSON format, copy the tool's output to standard error as it comes" },
    dryRun: { kind: "flag", help: "say what would run, and run nothing" },
  },
  examples: [
    ["pybun x ruff check .", "the command of the same name"],
    ["pybun x 'httpie>=3' --version", "with a version"],
    ["pybun x --from httpie http example.org", "a command with another name"],
    ["pybun x ./report.py", "a script with its own dependencies"],
  ],
  maturity: "preview",
  group: "Run",
});

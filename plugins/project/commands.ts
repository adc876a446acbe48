import { commandSpec } from "../../plugin-api/command.ts";

const text = { type: "string" };

export const version = commandSpec({
  summary: "Show the project's version, or set it",
  brief: "show or set the project's version",
  operands: "[version]",
  arity: [0, 1],
  options: {
    bump: {
      kind: "list",
      value: "PART",
      help: "raise major, minor, patch, alpha, beta, rc, post or dev, or take all but the release away: stable; `patch=7` sets it",
    },
    short: { kind: "flag", help: "print nothing but the version" },
    package: { kind: "text", value: "NAME", help: "this member of the workspace" },
    frozen: { kind: "flag", help: "leave the lock alone where it names the version" },
    dryRun: { kind: "flag", help: "say what would change, and change nothing" },
  },
  examples: [
    ["pybun version", "the project and its version"],
    ["pybun version --bump minor", "1.2.3 becomes 1.3.0"],
    ["pybun version --bump patch --bump rc", "1.2.3 becomes 1.2.4rc1"],
    ["pybun version 2.0.0", "this one"],
  ],
  maturity: "preview",
  group: "Project",
  data: {
    type: "object",
    properties: {
      project: text,
      version: text,
      previous: { type: ["string", "null"] },
      dynamic: { type: "boolean" },
      changed: { type: "boolean" },
      files: { type: "array", items: text },
    },
    required: ["project", "version", "previous", "dynamic", "changed", "files"],
  },
});

import { commandSpec } from "../../plugin-api/command.ts";

const interpreter = {
  type: "object",
  properties: {
    version: { type: "string" },
    implementation: { type: "string" },
    path: { type: "string" },
    source: { type: "string" },
    arch: { type: "string" },
    abi: { type: "string" },
    managed: { type: "boolean" },
    active: { type: "boolean" },
  },
} as const;

const available = {
  type: "object",
  properties: {
    version: { type: "string" },
    implementation: { type: "string" },
    free_threaded: { type: "boolean" },
    target: { type: "string" },
    build: { type: "string" },
    file: { type: "string" },
    sha256: { type: "string" },
    size: { type: ["integer", "null"] },
    path: { type: ["string", "null"] },
  },
} as const;

export const list = commandSpec({
  summary: "List the Pythons of this machine",
  brief: "list Pythons",
  options: {
    installed: { kind: "flag", help: "only what is on this machine; so it is without a flag" },
    available: { kind: "flag", help: "what `pybun python install` can install" },
    all: {
      kind: "flag",
      help: "also what can be installed, and what looks like a Python and can't be used, with the reason",
    },
  },
  examples: [
    ["pybun python list", "every Python found, best first; * marks the one used here"],
    ["pybun python list --available", "every version that can be installed on this machine"],
    ["pybun python list --format=json", "the same for programs"],
  ],
  maturity: "preview",
  group: "Python",
  place: 10,
  data: {
    type: "object",
    properties: { interpreters: { type: "array", items: interpreter }, available: { type: "array", items: available } },
  },
});

export const find = commandSpec({
  summary: "Print the path of the best Python for a request",
  brief: "path of a Python",
  operands: "<request>",
  arity: [1, 1],
  options: {},
  examples: [
    ["pybun python find 3.12", "the newest 3.12"],
    ['pybun python find ">=3.10,<3.13"', "the newest in a range"],
  ],
  maturity: "preview",
  group: "Python",
  place: 10,
  data: interpreter,
});

export const which = commandSpec({
  summary: "Print the path of the Python that would be used here, and why",
  brief: "the Python used here",
  operands: "[request]",
  arity: [0, 1],
  options: {},
  examples: [["pybun python which", "what commands in this folder would run"]],
  maturity: "preview",
  group: "Python",
  place: 10,
  data: { ...interpreter, properties: { ...interpreter.properties, reason: { type: "string" } } },
});

export const pin = commandSpec({
  summary: "Choose the Python of this project in .python-version",
  brief: "choose a project's Python",
  operands: "<request>",
  arity: [1, 1],
  options: {
    dryRun: { kind: "flag", help: "say what would be written, and write nothing" },
  },
  examples: [["pybun python pin 3.12", "use the newest 3.12 in this project"]],
  maturity: "preview",
  group: "Python",
  place: 10,
});

import { commandSpec } from "../../plugin-api/command.ts";

const shared = { maturity: "preview", group: "More", repairsPlugins: true } as const;

const scope = {
  user: { kind: "flag", help: "in the user's configuration file" },
  project: { kind: "flag", help: "in the project's .pybun/config.toml (the default inside a project)" },
} as const;

export const list = commandSpec({
  summary: "List the plugins: those of the preset and those added",
  brief: "list plugins",
  options: { added: { kind: "flag", help: "only those that were added" } },
  examples: [["pybun plugin list --added", "what did not come with PyBun"]],
  ...shared,
});

export const add = commandSpec({
  summary: "Agree to a plugin's present content and name it in the configuration",
  brief: "agree to a plugin and use it",
  isAct: true,
  operands: "<path|package>",
  arity: [1, 1],
  options: { ...scope, trustOnly: { kind: "flag", help: "agree to its content, change no configuration" } },
  examples: [
    ["pybun plugin add ./tools/acme", "a plugin in this project"],
    ["pybun plugin add --user pybun-plugin-acme", "a package, for every project"],
  ],
  ...shared,
});

export const remove = commandSpec({
  summary: "Take a plugin out of the configuration and withdraw the consent to it",
  brief: "stop using a plugin",
  isAct: true,
  operands: "<path|package>",
  arity: [1, 1],
  options: scope,
  examples: [["pybun plugin remove ./tools/acme", "the reverse of add"]],
  ...shared,
});

export const create = commandSpec({
  summary: "Write a new plugin: a command, an index kind, an observer, a test and a page",
  brief: "write a new plugin",
  isAct: true,
  operands: "<name>",
  arity: [1, 1],
  options: { path: { kind: "text", value: "DIR", help: "folder to write into; default: the plugin's name" } },
  examples: [["pybun plugin new acme", "into the folder acme"]],
  ...shared,
});

export const check = commandSpec({
  summary: "Check a plugin's manifest and form",
  brief: "check a plugin",
  isAct: true,
  operands: "<path>",
  arity: [1, 1],
  options: {},
  examples: [["pybun plugin check .", "the plugin in this folder"]],
  ...shared,
});

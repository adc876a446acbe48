import { commandSpec } from "../../plugin-api/command.ts";
import { options } from "../../plugin-api/option.ts";

/** Which of the files that belong to the user is meant. */
const scope = options({
  user: { kind: "flag", help: "the user's file" },
  project: { kind: "flag", help: "`[tool.pybun]` of the project's pyproject.toml" },
  local: { kind: "flag", help: "the project's .pybun/config.toml, which is yours alone" },
});
const all = { maturity: "stable", group: "More" } as const;

const text = { type: "string" };
/** Any value TOML can hold; null where there is none. */
const value = {};
const origin = {
  type: "object",
  properties: { kind: text, name: text, line: { type: "integer" } },
  required: ["kind", "name"],
};
const scopes = { type: "string", enum: ["user", "project", "local"] };
const flag = { type: "boolean" };
const changed = {
  type: "object",
  properties: { key: text, value, scope: scopes, file: text, up_to_date: flag, dry_run: flag },
  required: ["key", "scope", "file", "up_to_date", "dry_run"],
};
const setting = {
  type: "object",
  properties: { key: text, value, origin, plugin: text, kind: text },
  required: ["key", "value", "origin", "plugin", "kind"],
};
const plugin = {
  type: "object",
  properties: { name: text, version: text, maturity: text, origin: text },
  required: ["name", "version", "maturity", "origin"],
};
const file = {
  type: "object",
  properties: { scope: text, path: text, exists: { type: "boolean" } },
  required: ["scope", "path", "exists"],
};

export const get = commandSpec({
  ...all,
  summary: "Print the value of a setting",
  brief: "print the value of a setting",
  operands: "<key>",
  arity: [1, 1],
  options: scope,
  examples: [
    ["pybun config get offline", "the value in force"],
    ["pybun config get --user offline", "only what the user's file says"],
  ],
  data: { type: "object", properties: { key: text, value, origin, scope: scopes }, required: ["key", "value"] },
});

export const set = commandSpec({
  ...all,
  summary: "Write a setting into a configuration file, by default the user's",
  brief: "write a setting",
  isAct: true,
  operands: "<key> <value>...",
  arity: [2, Number.POSITIVE_INFINITY],
  options: { ...scope, dryRun: { kind: "flag", help: "say what would change, and change nothing" } },
  examples: [
    ["pybun config set offline true", "in the user's file"],
    ["pybun config set --project python 3.12", "in pyproject.toml"],
    ["pybun config set --local find-links wheels more-wheels", "a list"],
  ],
  data: changed,
});

export const unset = commandSpec({
  ...all,
  summary: "Remove a setting from a configuration file, by default the user's",
  brief: "remove a setting",
  isAct: true,
  operands: "<key>",
  arity: [1, 1],
  options: { ...scope, dryRun: { kind: "flag", help: "say what would change, and change nothing" } },
  examples: [["pybun config unset --project python", "from pyproject.toml"]],
  data: changed,
});

export const list = commandSpec({
  ...all,
  summary: "List all settings with their values",
  brief: "list all settings",
  options: {
    ...scope,
    showOrigin: { kind: "flag", help: "say where each value comes from" },
    preset: { kind: "flag", help: "list the plugins of the preset instead" },
  },
  examples: [
    ["pybun config list --show-origin", "values with their sources"],
    ["pybun config list --preset", "plugins with theirs"],
  ],
  data: {
    type: "object",
    properties: {
      settings: { type: "array", items: setting },
      preset: text,
      plugins: { type: "array", items: plugin },
    },
  },
});

export const path = commandSpec({
  ...all,
  summary: "Print where configuration files are looked for",
  brief: "print where configuration files are",
  options: scope,
  examples: [
    ["pybun config path", "all of them"],
    ["pybun config path --user", "one, to be used in a script"],
  ],
  data: { type: "object", properties: { path: text, files: { type: "array", items: file } }, required: ["files"] },
});

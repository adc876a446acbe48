import { commandSpec } from "../../plugin-api/command.ts";

const text = { type: "string" };
const flag = { type: "boolean" };
const profile = {
  type: "object",
  properties: {
    name: text,
    extends: { type: ["string", "null"] },
    active: flag,
    hot_reload: flag,
    lazy_imports: flag,
    log_level: text,
    optimise: { type: "integer" },
    tracing: flag,
    timing: flag,
  },
  required: ["name", "active", "hot_reload", "lazy_imports", "log_level", "optimise", "tracing", "timing"],
};

export const profileCommand = commandSpec({
  summary: "Show the profiles that programs can be run with",
  brief: "show profiles for programs",
  operands: "[other]",
  arity: [0, 1],
  options: {
    list: { kind: "flag", help: "list all profiles with their values" },
    show: { kind: "text", value: "NAME", help: "show one" },
    compare: { kind: "text", value: "A> <B", help: "show where two differ" },
    output: { kind: "text", short: "o", value: "FILE", help: "write them into a file, which ends in .toml or .json" },
  },
  examples: [
    ["pybun profile --list", "all profiles"],
    ["pybun profile --compare dev prod", "where two differ"],
    ["pybun profile --show prod -o prod.toml", "one, to be changed"],
  ],
  maturity: "preview",
  group: "Run",
  place: 60,
  data: {
    type: "object",
    properties: {
      profiles: { type: "array", items: profile },
      differences: {
        type: "array",
        items: { type: "object", properties: { key: text, values: { type: "array" } }, required: ["key", "values"] },
      },
      path: text,
    },
    required: ["profiles"],
  },
});

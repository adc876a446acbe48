import { commandSpec } from "../../plugin-api/command.ts";

const text = { type: "string" };
const list = (items: object) => ({ type: "array", items });
const maybe = { type: ["string", "null"] };
const found = {
  module: text,
  found: { type: "boolean" },
  type: { enum: ["module", "package", "namespace", "extension", "builtin", "frozen", null] },
  path: maybe,
};
const duration = { duration_us: { type: "integer" } };
const required = Object.keys(found);

export const moduleFind = commandSpec({
  summary: "Say what a Python import would load, without starting Python",
  brief: "find what an import loads",
  operands: "[name...]",
  arity: [0, 1000],
  options: {
    path: {
      kind: "list",
      value: "DIR",
      help: "look here first, as for a program in DIR, not in the working directory",
    },
    scan: {
      kind: "text",
      bare: "",
      value: "DIR",
      help: "list all modules that can be imported; with DIR those below it",
    },
    benchmark: { kind: "flag", help: "list them with Python's importlib, too, and compare results and times" },
  },
  examples: [
    ["pybun module-find numpy yaml.cyaml", "where imports come from"],
    ["pybun module-find --scan", "everything that can be imported here"],
    ["pybun module-find --scan src", "the modules below a folder"],
  ],
  maturity: "preview",
  group: "Python",
  place: 60,
  data: {
    type: "object",
    properties: {
      ...found,
      modules: list({
        type: "object",
        properties: { ...found, ...duration, locations: list(text), missing: text, nearest: text },
        required,
      }),
      search_paths: list(text),
      unfollowed: list({
        type: "object",
        properties: { file: text, line: { type: "integer" }, code: text },
        required: ["file", "line", "code"],
      }),
      ...duration,
      benchmark: {
        type: "object",
        properties: {
          scan_ms: { type: "number" },
          again_ms: { type: ["number", "null"] },
          importlib_ms: { type: "number" },
          pkgutil_ms: { type: "number" },
          different: list({ type: "object", properties: { module: text, scan: maybe, importlib: maybe } }),
        },
      },
    },
    required: ["modules", "search_paths", "unfollowed", "duration_us"],
  },
});

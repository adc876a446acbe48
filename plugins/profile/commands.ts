import { commandSpec } from "../../plugin-api/command.ts";
import { readPythonOption } from "../../plugin-api/launch/python-options.ts";

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

const ms = { type: "number" };
const imported = {
  type: "object",
  properties: {
    module: text,
    parent: { type: ["integer", "null"] },
    importer: {
      type: ["object", "null"],
      properties: { module: { type: ["string", "null"] }, file: text, line: { type: "integer" } },
    },
    path: { type: ["string", "null"] },
    start_ms: ms,
    total_ms: ms,
    self_ms: ms,
    find_ms: ms,
    load_ms: ms,
    compile_ms: ms,
    failed: flag,
    main_thread: flag,
  },
  required: ["module", "parent", "importer", "path", "start_ms", "total_ms", "self_ms"],
};

export const profileCommand = commandSpec({
  summary: "Measure what a program imports, or show the profiles that programs can be run with",
  brief: "measure imports, show profiles",
  operands: "[target] [args...]",
  arity: [0, Number.POSITIVE_INFINITY],
  handsOver: true,
  handsOverAt: (word) => readPythonOption(word)?.ending !== undefined,
  childOptions: (word) => readPythonOption(word)?.needsValue,
  options: {
    list: { kind: "flag", help: "list all profiles with their values" },
    show: { kind: "text", value: "NAME", help: "show one" },
    compare: { kind: "text", value: "A> <B", help: "show where two differ" },
    output: {
      kind: "text",
      short: "o",
      value: "FILE",
      help: "write what was measured as a page (.html) or data (.json); profiles as .toml or .json",
    },
    least: { kind: "text", default: "2%", value: "N", help: "leave out imports below N ms, or N% of all; default 2%" },
  },
  examples: [
    ["pybun profile app.py", "what each import of a program takes"],
    ["pybun profile -o imports.html -m pytest --version", "the same as a page to look through"],
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
      python: text,
      wall_ms: ms,
      imports_ms: ms,
      imports: { type: "array", items: imported },
      path_files: {
        type: "array",
        items: {
          type: "object",
          properties: { file: text, ms, modules: { type: "integer" } },
          required: ["file", "ms", "modules"],
        },
      },
      site_ms: { type: ["number", "null"] },
    },
    required: [],
  },
});

import { commandSpec } from "../../plugin-api/command.ts";
import { options } from "../../plugin-api/option.ts";

const text = { type: "string" };
const count = { type: "integer" };
const flag = { type: "boolean" };
const ids = { content_id: text, store_id: text };

const written = options({
  output: {
    kind: "text",
    short: "o",
    value: "FILE",
    help: "file to write; else beside the source, under its own name",
  },
  force: { kind: "flag", help: "replace a file of another content" },
});
const all = { maturity: "preview", group: "More", arity: [1, 1] } as const;
const conversion = {
  type: "object",
  properties: { source: text, output: text, source_bytes: count, bytes: count, files: count, up_to_date: flag, ...ids },
  required: ["source", "output", "source_bytes", "bytes", "files", "up_to_date", "content_id", "store_id"],
};

export const convert = commandSpec({
  ...all,
  summary: "Turn a wheel, or a package of the store, into a DPP, its single-file form for caches and mirrors",
  brief: "wheel to DPP",
  isAct: true,
  operands: "<wheel|name>",
  options: written,
  examples: [
    ["pybun dpp convert demo-1.0-py3-none-any.whl", "demo-1.0-py3-none-any.dpp beside it"],
    ["pybun dpp convert demo-1.0-py3-none-any.whl -o demo.dpp", "under another name"],
    ["pybun dpp convert demo==1.0", "from the store, with the byte-code compiled there"],
  ],
  data: conversion,
});

export const toWheel = commandSpec({
  ...all,
  summary: "Turn a DPP back into the wheel it was made from: same files, contents and permissions",
  brief: "DPP to wheel",
  isAct: true,
  operands: "<dpp>",
  options: written,
  examples: [["pybun dpp to-wheel demo.dpp", "a wheel that any installer takes"]],
  data: conversion,
});

export const inspect = commandSpec({
  ...all,
  summary: "Show what a DPP says of itself, and its files with their sizes",
  brief: "what is in a DPP",
  operands: "<dpp>",
  options: {},
  examples: [
    ["pybun dpp inspect demo.dpp", "header, metadata, files"],
    ["pybun --format=json dpp inspect demo.dpp", "the same for programs"],
  ],
  data: {
    type: "object",
    properties: {
      path: text,
      format_version: count,
      flags: { type: "array", items: text },
      bytes: count,
      ...ids,
      name: text,
      version: text,
      requires_python: text,
      wheel: { type: "object", properties: { filename: text, bytes: count, sha256: text } },
      unpacked_bytes: count,
      requires: { type: "array", items: text },
      extras: { type: "array", items: text },
      native: { type: "array", items: { type: "object" } },
      bytecode: { type: "array", items: { type: "object" } },
      files: { type: "array", items: { type: "object" } },
    },
    required: ["path", "format_version", "flags", "bytes", "content_id", "name", "version", "wheel", "files"],
  },
});

export const verify = commandSpec({
  ...all,
  summary: "Read all of a DPP and compare it with its hashes",
  brief: "check a DPP",
  isAct: true,
  operands: "<dpp>",
  options: {},
  examples: [["pybun dpp verify demo.dpp", "exit code 6 when a byte of it differs"]],
  data: {
    type: "object",
    properties: { path: text, bytes: count, files: count, ...ids },
    required: ["path", "bytes", "files", "content_id", "store_id"],
  },
});

export const extract = commandSpec({
  ...all,
  summary: "Write the files of a DPP into a new or empty folder, as an unpacked wheel has them",
  brief: "unpack a DPP",
  isAct: true,
  operands: "<dpp> <dir>",
  arity: [2, 2],
  options: {},
  examples: [["pybun dpp extract demo.dpp unpacked", "to look at them"]],
  data: {
    type: "object",
    properties: { source: text, output: text, files: count, bytes: count },
    required: ["source", "output", "files", "bytes"],
  },
});

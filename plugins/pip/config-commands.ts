import { commandSpec } from "../../plugin-api/command.ts";
import { options } from "../../plugin-api/option.ts";
import { shared, text } from "./declarations.ts";

const values = { type: "object", properties: { values: { type: "object" } }, required: ["values"] };

/** Which of pip's files is meant. */
const scopes = options({
  user: { kind: "flag", help: "the user's file" },
  global: { kind: "flag", help: "the machine's file" },
  site: { kind: "flag", help: "the environment's file" },
});

export const configList = commandSpec({
  ...shared,
  summary: "List what pip's configuration files say",
  brief: "list what pip's files say",
  arity: [0, 0],
  options: scopes,
  examples: [["pybun pip config list", "KEY='VALUE', a line each"]],
  data: values,
});

export const configGet = commandSpec({
  ...shared,
  summary: "Print a value of pip's configuration files",
  brief: "print a value of pip's files",
  operands: "<key>",
  arity: [1, 1],
  options: scopes,
  examples: [["pybun pip config get global.index-url", "where packages come from"]],
  data: { type: "object", properties: { key: text, value: text }, required: ["key", "value"] },
});

export const configSet = commandSpec({
  ...shared,
  summary: "Set a value in pip's configuration file, which PyBun reads too",
  brief: "set a value in pip's file",
  operands: "<key> <value>",
  arity: [2, 2],
  options: scopes,
  examples: [["pybun pip config set global.index-url https://pypi.example.com/simple", "for pip and PyBun alike"]],
  data: { type: "object", properties: { file: text }, required: ["file"] },
});

export const configUnset = commandSpec({
  ...shared,
  summary: "Remove a value from pip's configuration file",
  brief: "remove a value from pip's file",
  operands: "<key>",
  arity: [1, 1],
  options: scopes,
  examples: [["pybun pip config unset global.index-url", "back to the public index"]],
  data: { type: "object", properties: { file: text }, required: ["file"] },
});

import { commandSpec } from "../../plugin-api/command.ts";

const text = { type: "string" };
const maybe = { type: ["string", "null"] };
const flag = { type: "boolean" };
const all = { maturity: "preview", group: "Project" } as const;
const dryRun = { kind: "flag", help: "say what would change, and change nothing" } as const;

const members = {
  type: "array",
  items: {
    type: "object",
    properties: {
      name: text,
      path: text,
      version: maybe,
      requires_python: text,
      package: flag,
      lock: { enum: ["shared", "own"] },
      current: flag,
    },
    required: ["name", "path", "version", "requires_python", "package", "lock", "current"],
  },
};

export const list = commandSpec({
  ...all,
  summary: "List the members of the workspace",
  brief: "list members",
  options: {},
  examples: [["pybun workspace list", "* marks the one this folder lies in"]],
  data: { type: "object", properties: { root: text, members }, required: ["root", "members"] },
});

export const graph = commandSpec({
  ...all,
  summary: "Show which members of the workspace need which",
  brief: "show what needs what",
  options: {},
  examples: [
    ["pybun workspace graph", "each member behind those it needs"],
    ["pybun workspace graph --format=json", "members and edges, for programs"],
  ],
  data: {
    type: "object",
    properties: {
      root: text,
      members,
      edges: {
        type: "array",
        items: {
          type: "object",
          properties: {
            from: text,
            to: text,
            kind: { enum: ["dependency", "extra", "group"] },
            part: maybe,
            requirement: text,
            origin: text,
          },
          required: ["from", "to", "kind", "part", "requirement", "origin"],
        },
      },
      order: { type: "array", items: text },
      cycles: { type: "array", items: { type: "array", items: text } },
    },
    required: ["root", "members", "edges", "order", "cycles"],
  },
});

const listed = {
  type: "array",
  items: { type: "object", properties: { name: text, path: text }, required: ["name", "path"] },
};
const edited = (what: "added" | "removed") => ({
  type: "object",
  properties: { file: text, [what]: listed, up_to_date: flag, dry_run: flag },
  required: ["file", what, "up_to_date", "dry_run"],
});

export const add = commandSpec({
  ...all,
  summary: "Make projects members of the workspace, and a project a workspace",
  brief: "add members",
  isAct: true,
  operands: "<path>...",
  arity: [1, Number.POSITIVE_INFINITY],
  options: { dryRun },
  examples: [["pybun workspace add libs/core", "from the folder of the workspace"]],
  data: edited("added"),
});

export const remove = commandSpec({
  ...all,
  summary: "Take members out of the workspace; their folders stay",
  brief: "remove members",
  isAct: true,
  operands: "<name|path>...",
  arity: [1, Number.POSITIVE_INFINITY],
  options: { dryRun },
  examples: [["pybun workspace remove core", "by its name or its folder"]],
  data: edited("removed"),
});

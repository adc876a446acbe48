import { commandSpec } from "../../plugin-api/command.ts";

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;
const texts = { type: "array", items: text } as const;

export const install = commandSpec({
  summary: "Install Pythons of PyBun's own",
  brief: "install a Python",
  operands: "[request...]",
  arity: [0, Number.POSITIVE_INFINITY],
  options: {
    default: { kind: "flag", help: "also put `python`, `python3` and `python3.X` into the folder for commands" },
    reinstall: { kind: "flag", help: "fetch and install it again, in place of the one that is there" },
  },
  examples: [
    ["pybun python install 3.12", "the newest 3.12, unless one is installed"],
    ["pybun python install 3.11 3.13t", "two of them; `t` is a build without the global lock"],
    ["pybun python install", "what `.python-version` or `requires-python` asks for here, or else the newest"],
  ],
  maturity: "preview",
  group: "Python",
  isAct: true,
  place: 10,
  data: {
    type: "object",
    properties: {
      pythons: {
        type: "array",
        items: {
          type: "object",
          properties: {
            version: text,
            free_threaded: flag,
            path: text,
            target: text,
            build: { type: ["string", "null"] },
            sha256: { type: ["string", "null"] },
            up_to_date: flag,
          },
          required: ["version", "free_threaded", "path", "target", "build", "sha256", "up_to_date"],
        },
      },
      links: texts,
    },
    required: ["pythons", "links"],
  },
});

export const remove = commandSpec({
  summary: "Remove Pythons that PyBun installed",
  brief: "remove a Python",
  operands: "<request...>",
  arity: [1, Number.POSITIVE_INFINITY],
  options: {
    force: { kind: "flag", help: "also where environments use it: they are then broken" },
  },
  examples: [
    ["pybun python remove 3.12.1", "exactly that one"],
    ["pybun python remove 3.9", "every 3.9 that PyBun installed"],
  ],
  maturity: "preview",
  group: "Python",
  isAct: true,
  place: 10,
  data: {
    type: "object",
    properties: {
      removed: {
        type: "array",
        items: {
          type: "object",
          properties: { version: text, path: text, environments: texts },
          required: ["version", "path", "environments"],
        },
      },
      links: texts,
    },
    required: ["removed", "links"],
  },
});

import { commandSpec } from "../../plugin-api/command.ts";

const hook = {
  type: "object",
  properties: {
    package: { type: "string" },
    version: { type: "string" },
    file: { type: "string" },
    line: { type: "string" },
    sha256: { type: "string" },
  },
} as const;
const data = { type: "object", properties: { hooks: { type: "array", items: hook } } } as const;
const shared = { maturity: "preview", group: "More", data } as const;

export const allowHook = commandSpec({
  summary: "Agree to code of a package that runs at every start of Python",
  brief: "agree to a package's start-up hook",
  isAct: true,
  operands: "<name>...",
  arity: [1, Number.POSITIVE_INFINITY],
  options: {
    sha256: {
      kind: "list",
      value: "DIGEST",
      help: "agree to this content before it was ever seen here, as an earlier refusal has named it",
    },
  },
  examples: [
    ["pybun trust allow-hook NAME", "to what was refused of that package just now"],
    ["pybun trust allow-hook NAME --sha256 DIGEST", "to this content, on a machine that has not seen it"],
  ],
  ...shared,
});

export const list = commandSpec({
  summary: "List the start-up hooks that were agreed to",
  brief: "list what was agreed to",
  options: {},
  examples: [["pybun trust list", "packages, files, and the beginning of their digests"]],
  ...shared,
});

export const revoke = commandSpec({
  summary: "Withdraw the consent to a package's start-up hooks",
  brief: "withdraw a consent",
  isAct: true,
  operands: "<name>...",
  arity: [1, Number.POSITIVE_INFINITY],
  options: {},
  examples: [["pybun trust revoke NAME", "the next installation asks again"]],
  ...shared,
});

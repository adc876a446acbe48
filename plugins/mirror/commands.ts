import { commandSpec } from "../../plugin-api/command.ts";

const text = { type: "string" };
const count = { type: "integer" };

export const create = commandSpec({
  summary: "Write a folder with packages that PyBun, pip and uv can install from",
  brief: "write a static mirror",
  operands: "<dir> [requirement...]",
  arity: [1, Number.POSITIVE_INFINITY],
  options: {
    fromLock: {
      kind: "text",
      bare: "pybun.lockb",
      value: "FILE",
      help: "take what a lock names; without FILE the project's",
    },
    platform: {
      kind: "list",
      value: "NAME",
      help: "for this platform: linux, macos, windows, or an architecture of it such as linux-aarch64; repeatable",
    },
    pythonVersion: { kind: "list", value: "X.Y", help: "for this version of Python; repeatable" },
    signKey: {
      kind: "text",
      value: "FILE",
      env: ["PYBUN_MIRROR_SIGN_KEY"],
      help: "sign the manifest with the ed25519 key in FILE (PEM)",
    },
    expires: { kind: "number", value: "DAYS", help: "the signature is good for so many days" },
    dryRun: { kind: "flag", help: "say what would be added, and write nothing" },
  },
  examples: [
    ["pybun mirror create wheels requests", "requests and what it needs, for this Python and platform"],
    ["pybun mirror create wheels --from-lock", "all files of the project's lock"],
    ["pybun mirror create wheels numpy --platform macos-arm64 --python-version 3.12", "for other machines"],
    ["pybun mirror create wheels --from-lock --sign-key key.pem --expires 90", "signed"],
  ],
  maturity: "preview",
  group: "More",
  isAct: true,
  data: {
    type: "object",
    properties: {
      path: text,
      index_url: text,
      packages: count,
      files: count,
      added: { type: "array", items: text },
      added_bytes: count,
      bytes: count,
      public_key: { type: ["string", "null"] },
      expires: { type: ["string", "null"] },
      skipped: { type: "array", items: { type: "object" } },
      dry_run: { type: "boolean" },
    },
    required: [
      "path",
      "index_url",
      "packages",
      "files",
      "added",
      "added_bytes",
      "bytes",
      "public_key",
      "expires",
      "skipped",
    ],
  },
});

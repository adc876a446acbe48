import { commandSpec } from "../../plugin-api/command.ts";

const text = { type: "string" };
const texts = { type: "array", items: text };
const isTrue = { type: "boolean" };
const count = { type: "integer" };
const pinned = { type: "object", properties: { name: text, version: text }, required: ["name", "version"] };
const packages = {
  type: "array",
  items: {
    type: "object",
    properties: {
      name: text,
      version: text,
      source: { type: "object" },
      marker: text,
      extras: texts,
      dependencies: { type: "array", items: { type: "object" } },
      artifact: { type: ["object", "null"] },
    },
    required: ["name", "version"],
  },
};

/** SPEC PRJ-30, RES-18; the decoded lock of LOCK-04 stands at the same level with `--json`. */
const data = {
  type: "object",
  properties: {
    lockfile: text,
    path: text,
    up_to_date: isTrue,
    dry_run: isTrue,
    packages,
    added: { type: "array", items: pinned },
    removed: { type: "array", items: pinned },
    changed: {
      type: "array",
      items: { type: "object", properties: { name: text, from: texts, to: texts }, required: ["name", "from", "to"] },
    },
    unchanged: count,
    differences: {
      type: "array",
      items: {
        type: "object",
        properties: { kind: text, subject: text, detail: text },
        required: ["kind", "subject", "detail"],
      },
    },
    forks: texts,
    from_cache: isTrue,
    attempts: { type: ["integer", "null"] },
    resolution_ms: { type: "number" },
  },
};

export const lock = commandSpec({
  summary: "Write, check or print the lock: the exact versions of everything the project needs",
  brief: "write, check or print the lock",
  operands: "[parents...]",
  arity: [0, 4],
  options: {
    upgrade: { kind: "flag", short: "U", help: "choose every version anew" },
    upgradePackage: {
      kind: "list",
      short: "P",
      value: "NAME",
      help: "choose this package's version anew; `NAME==V` for a certain one",
    },
    import: {
      kind: "text",
      value: "FILE",
      help: "prefer the versions of another tool's lock or of a requirements file",
    },
    check: { kind: "flag", help: "change nothing; exit with 1 when the lock does not match the project" },
    dryRun: { kind: "flag", help: "say what would change, and change nothing" },
    print: { kind: "flag", help: "print the lock as text" },
    json: { kind: "flag", help: "print the lock as JSON" },
    file: { kind: "text", value: "PATH", help: "the lock's file, instead of pybun.lockb beside pyproject.toml" },
    script: { kind: "text", value: "PATH", help: "lock a script with its own dependencies, into PATH.lockb" },
    platform: {
      kind: "text",
      value: "NAME",
      help: "for one platform only: linux, macos, windows, or an architecture of it such as linux-aarch64",
    },
    gitSetup: { kind: "flag", help: "have git show and merge locks in this repository" },
    mergeDriver: { kind: "flag", isHidden: true, help: "called by git, with ancestor, ours, theirs and path" },
  },
  examples: [
    ["pybun lock", "write pybun.lockb; versions that still fit are kept"],
    ["pybun lock -P rich", "take the newest rich that fits"],
    ["pybun lock --import uv.lock", "begin with the versions of uv, Poetry, PDM, Pipenv or pip"],
    ["pybun lock --check", "for CI: is the lock up to date?"],
    ["pybun lock --print", "what is in it"],
  ],
  maturity: "preview",
  group: "Project",
  isAct: true,
  place: 60,
  data,
});

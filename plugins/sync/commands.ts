import { commandSpec } from "../../plugin-api/command.ts";
import { options } from "../../plugin-api/option.ts";
import { ENVIRONMENT_DATA } from "../../plugin-api/text/environment-data.ts";

const text = { type: "string" };
const pinned = { type: "object", properties: { name: text, version: text }, required: ["name", "version"] };
const list = (items: object) => ({ type: "array", items });

/** SPEC PRJ-53. */
const data = {
  type: "object",
  properties: {
    lockfile: text,
    env: ENVIRONMENT_DATA,
    source: { enum: ["lock", "pyproject", "file"] },
    installed: list(pinned),
    changed: list({
      type: "object",
      properties: { name: text, from: text, to: text },
      required: ["name", "from", "to"],
    }),
    removed: list(pinned),
    kept: { type: "integer" },
    up_to_date: { type: "boolean" },
    dry_run: { type: "boolean" },
    verified_files: { type: "integer" },
  },
  required: ["lockfile", "env", "installed", "changed", "removed", "kept", "up_to_date", "dry_run"],
};

/** Which parts of the project count, and how much is done about it. */
const shared = options({
  extra: { kind: "list", value: "NAME", help: "also what this extra of the project needs" },
  allExtras: { kind: "flag", help: "also what all extras need" },
  group: { kind: "list", value: "NAME", help: "also this dependency group" },
  onlyGroup: { kind: "list", value: "NAME", help: "this dependency group alone, without the project" },
  noDev: { kind: "flag", help: "without the group `dev`, which otherwise counts" },
  package: { kind: "list", value: "NAME", help: "this member of the workspace alone" },
  allPackages: { kind: "flag", help: "all members of the workspace, also where the folder is one of them" },
  noEditable: { kind: "flag", help: "install the project itself as it is now, not so that changes count at once" },
  noInstallProject: { kind: "flag", help: "what the project needs, without the project itself" },
  inexact: { kind: "flag", help: "remove nothing that is not in the lock" },
  verify: { kind: "flag", help: "also compare all installed files with what their wheels brought" },
  dryRun: { kind: "flag", help: "say what would change, and change nothing" },
});

const habits = { "--no-default-groups": "--no-dev", "--only-dev": "--only-group dev" };

export const sync = commandSpec({
  summary: "Make the environment equal the lock: install what is missing, remove what is not in it",
  brief: "make the environment equal the lock",
  operands: "",
  arity: [0, 0],
  options: {
    ...shared,
    from: {
      kind: "text",
      value: "FILE",
      help: "install what this pylock.toml or requirements file says, in place of the project's lock",
    },
    check: { kind: "flag", help: "change nothing; exit with 1 when the environment differs from the lock" },
    locked: { kind: "flag", help: "fail when the lock does not match the project" },
    frozen: { kind: "flag", help: "do not compare the lock with the project" },
  },
  habits,
  examples: [
    ["pybun sync", "what the lock says, and nothing else"],
    ["pybun sync --extra gpu --group docs", "with an extra and a dependency group"],
    ["pybun sync --from pylock.toml", "what another tool locked"],
    ["pybun sync --check", "for CI: does the environment match?"],
  ],
  maturity: "preview",
  group: "Project",
  isAct: true,
  place: 50,
  data,
});

export const install = commandSpec({
  summary: "Lock if needed, then make the environment equal the lock",
  brief: "lock if needed, then sync",
  operands: "",
  arity: [0, 0],
  options: {
    ...shared,
    locked: { kind: "flag", help: "fail when the lock does not match the project" },
    frozen: { kind: "flag", help: "use the lock as it is, without comparing" },
  },
  habits,
  examples: [
    ["pybun install", "everything a fresh clone needs"],
    ["pybun install --locked --no-dev", "for a server: exactly the lock, without the tools for developers"],
  ],
  maturity: "preview",
  group: "Project",
  isAct: true,
  place: 40,
  data,
});

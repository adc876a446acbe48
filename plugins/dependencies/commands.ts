import { commandSpec } from "../../plugin-api/command.ts";
import { options } from "../../plugin-api/option.ts";
import { ENVIRONMENT_DATA_OR_NONE } from "../../plugin-api/text/environment-data.ts";

const text = { type: "string" };
const isTrue = { type: "boolean" };
const list = (items: object) => ({ type: "array", items });
const pinned = { type: "object", properties: { name: text, version: text }, required: ["name", "version"] };
const replaced = {
  type: "object",
  properties: { name: text, from: text, to: text },
  required: ["name", "from", "to"],
};
const texts = list(text);
/** What `pybun lock` says; null where the lock was left alone. */
const lockData = {
  type: ["object", "null"],
  properties: {
    up_to_date: isTrue,
    added: list(pinned),
    removed: list(pinned),
    changed: list({ ...replaced, properties: { name: text, from: texts, to: texts } }),
  },
  required: ["up_to_date", "added", "removed", "changed"],
};
/** What `pybun sync` says; null where the environment was left alone. */
const syncData = {
  type: ["object", "null"],
  properties: { installed: list(pinned), changed: list(replaced), removed: list(pinned), kept: { type: "integer" } },
  required: ["installed", "changed", "removed", "kept"],
};
/** What happened, to the file and beside it. */
const effects = {
  file: text,
  lockfile: { type: ["string", "null"] },
  lock: lockData,
  env: ENVIRONMENT_DATA_OR_NONE,
  sync: syncData,
  dry_run: isTrue,
};
const whole = Object.keys(effects);
const declared = {
  type: "object",
  properties: { name: text, requirement: text, list: text, version: { type: ["string", "null"] } },
  required: ["name", "requirement", "list"],
};

/** SPEC PRJ-11. */
const addData = {
  type: "object",
  properties: {
    ...effects,
    added: list(declared),
    updated: list({ ...declared, properties: { ...declared.properties, before: text } }),
    unchanged: list(declared),
  },
  required: [...whole, "added", "updated", "unchanged"],
};
const removeData = {
  type: "object",
  properties: {
    ...effects,
    removed: list(declared),
    still_needed: list({ ...pinned, properties: { name: text, version: text, needed_by: texts } }),
  },
  required: [...whole, "removed", "still_needed"],
};

/** Which list is meant, and how far the change goes. */
const shared = options({
  dev: { kind: "flag", help: "the dependency group `dev`" },
  group: { kind: "text", value: "NAME", help: "this dependency group" },
  optional: { kind: "text", value: "EXTRA", help: "this extra of the project" },
  package: { kind: "text", value: "NAME", help: "this member of the workspace" },
  script: { kind: "text", value: "FILE", help: "the script's own dependencies (PEP 723)" },
  noSync: { kind: "flag", help: "change the file and the lock, and leave the environment alone" },
  frozen: { kind: "flag", help: "change the file alone, neither lock nor environment" },
  dryRun: { kind: "flag", help: "say what would change, and change nothing" },
});

export const add = commandSpec({
  summary: "Add dependencies to the project, lock them and install them",
  brief: "add dependencies",
  operands: "[requirements...]",
  arity: [0, Number.POSITIVE_INFINITY],
  options: {
    ...shared,
    requirements: { kind: "list", short: "r", value: "FILE", help: "also what this requirements file lists" },
    constraints: {
      kind: "list",
      short: "c",
      value: "FILE",
      help: "choose versions that this file allows, without writing it down",
    },
    extra: { kind: "list", value: "NAME", help: "with this extra of what is added" },
    editable: { kind: "flag", short: "e", help: "install folders so that changes to them count at once" },
    index: { kind: "text", value: "URL", help: "the index to take it from: a configured name, a URL or a folder" },
    git: { kind: "text", value: "URL", help: "take it from this git repository" },
    rev: { kind: "text", value: "COMMIT", help: "this commit of the repository" },
    tag: { kind: "text", value: "TAG", help: "this tag of the repository" },
    branch: { kind: "text", value: "BRANCH", help: "this branch of the repository" },
    bounds: {
      kind: "text",
      choices: ["lower", "major", "minor", "exact"],
      default: "lower",
      key: "add.bounds",
      value: "WHICH",
      help: "versions to allow where none are named: from the chosen one on, up to the next major or minor one, exactly it",
    },
    raw: { kind: "flag", help: "write requirements as they are given, without bounds or sources" },
  },
  examples: [
    ["pybun add fastapi pandas", "the newest that fit"],
    ['pybun add --dev "pytest>=8"', "for developers only, with a lower bound of one's own"],
    ["pybun add -e ./lib", "a folder, so that changes to it count at once"],
    ["pybun add -r requirements.txt", "what a requirements file lists"],
  ],
  maturity: "preview",
  group: "Project",
  isAct: true,
  place: 20,
  data: addData,
});

export const remove = commandSpec({
  summary: "Remove dependencies from the project, and uninstall what nobody else needs",
  brief: "remove dependencies",
  operands: "<names...>",
  arity: [1, Number.POSITIVE_INFINITY],
  options: shared,
  examples: [
    ["pybun remove httpx", "and what only httpx needed"],
    ["pybun remove --dev pytest", "from the dependency group `dev`"],
    ["pybun remove --optional gpu torch", "from an extra"],
  ],
  maturity: "preview",
  group: "Project",
  isAct: true,
  place: 30,
  data: removeData,
});

const standing = {
  type: "object",
  properties: {
    name: text,
    current: text,
    all_current: list(text),
    compatible: text,
    latest: text,
    kind: { enum: ["in-range", "out-of-range"] },
    constraint: { type: ["string", "null"] },
    held_by: list({
      type: "object",
      properties: { kind: { enum: ["project", "package", "itself", "unknown"] }, requirement: text, origin: text },
      required: ["kind", "requirement", "origin"],
    }),
    yanked: isTrue,
    direct: isTrue,
    group: text,
  },
  required: ["name", "current", "compatible", "latest", "kind", "constraint", "yanked", "group"],
};

export const outdated = commandSpec({
  summary: "List packages with newer releases on the index, and what holds them back",
  brief: "list newer versions",
  operands: "[names...]",
  arity: [0, Number.POSITIVE_INFINITY],
  options: { exitCode: { kind: "flag", help: "end with 1 when something is listed" } },
  examples: [
    ["pybun outdated", "what is newer on the index"],
    ["pybun outdated httpx", "and why it is not taken"],
    ["pybun outdated --exit-code", "for CI"],
  ],
  maturity: "preview",
  group: "Project",
  place: 70,
  data: {
    type: "object",
    properties: { lockfile: text, packages: list(standing) },
    required: ["lockfile", "packages"],
  },
});

const held = {
  type: "object",
  properties: { name: text, version: text, latest: text, held_by: list(text) },
  required: ["name", "version", "latest", "held_by"],
};

export const upgrade = commandSpec({
  summary: "Take newer versions that fit the project's constraints, or raise these",
  brief: "take newer versions that fit your constraints",
  operands: "[names...]",
  arity: [0, Number.POSITIVE_INFINITY],
  options: {
    latest: { kind: "flag", help: "raise the project's own constraints where they hold a newer release back" },
    group: { kind: "list", value: "NAME", help: "what this dependency group needs" },
    interactive: { kind: "flag", short: "i", help: "show what there is, and ask what to take" },
    noSync: { kind: "flag", help: "change the lock, and leave the environment alone" },
    dryRun: { kind: "flag", help: "say what would change, and change nothing" },
  },
  habits: { "--package": "", "--upgrade-package": "", "-p": "", "-P": "" },
  examples: [
    ["pybun upgrade", "everything, as far as it fits"],
    ["pybun upgrade rich httpx", "these two, and what they then need"],
    ["pybun upgrade --latest httpx", "`httpx<0.28` becomes `httpx<0.29`"],
    ["pybun upgrade --dry-run", "what would change, and what is held back"],
  ],
  maturity: "preview",
  isAct: true,
  group: "Project",
  place: 80,
  data: {
    type: "object",
    properties: {
      ...effects,
      upgraded: list({
        type: "object",
        properties: { name: text, from: list(text), to: list(text) },
        required: ["name", "from", "to"],
      }),
      raised: list(replaced),
      held: list(held),
      at_latest: { type: "integer" },
    },
    required: [...whole, "upgraded", "raised", "held", "at_latest"],
  },
});

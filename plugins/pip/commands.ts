import { commandSpec } from "../../plugin-api/command.ts";
import {
  builds,
  CHANGE_DATA,
  DISTRIBUTIONS_DATA,
  dependencies,
  files,
  foreign,
  ignored,
  MANY,
  reading,
  requirements,
  shared,
  sources,
} from "./declarations.ts";

export const install = commandSpec({
  ...shared,
  summary: "Install packages into the environment, as pip does",
  brief: "install packages as pip does",
  operands: "[requirement]...",
  arity: MANY,
  options: {
    ...requirements,
    ...dependencies,
    ...files,
    upgrade: { kind: "flag", short: "U", env: ["PIP_UPGRADE"], help: "take newer versions of what is named" },
    upgradeStrategy: {
      kind: "text",
      choices: ["only-if-needed", "eager"],
      default: "only-if-needed",
      value: "WHICH",
      help: "with --upgrade: whether also newer versions of what these require",
    },
    forceReinstall: { kind: "flag", help: "install again what is there already" },
    ignoreInstalled: { kind: "flag", short: "I", help: "choose as if nothing were installed" },
    target: { kind: "text", short: "t", value: "DIR", env: ["PIP_TARGET"], help: "put the packages into DIR" },
    prefix: {
      kind: "text",
      value: "DIR",
      env: ["PIP_PREFIX"],
      help: "install below DIR, in the folders of an installation",
    },
    root: { kind: "text", value: "DIR", env: ["PIP_ROOT"], help: "install as if DIR were the root of the file system" },
    user: { kind: "flag", env: ["PIP_USER"], help: "install into the folder of the user" },
    ...foreign,
    src: {
      kind: "text",
      value: "DIR",
      env: ["PIP_SRC"],
      help: "folder for clones of repositories that are to be editable",
    },
    dryRun: { kind: "flag", help: "say what would be installed, and install nothing" },
    report: {
      kind: "text",
      value: "FILE",
      help: "write a report in JSON of what is installed; `-` for standard output",
    },
    ...sources,
    ...builds,
    ...ignored,
  },
  examples: [
    ["pybun pip install requests", "the newest version, and what it requires"],
    ["pybun pip install -r requirements.txt", "what a file lists"],
    ["pybun pip install -e .", "the project here, so that changes count at once"],
  ],
  data: CHANGE_DATA,
});

export const uninstall = commandSpec({
  ...shared,
  summary: "Remove packages from the environment",
  brief: "remove packages",
  operands: "[name]...",
  arity: MANY,
  options: {
    requirement: { kind: "list", short: "r", value: "FILE", help: "what this requirements file lists" },
    dryRun: { kind: "flag", help: "say what would be removed, and remove nothing" },
    ...ignored,
  },
  examples: [["pybun pip uninstall -y requests", "without a question"]],
  data: CHANGE_DATA,
});

export const list = commandSpec({
  ...shared,
  summary: "List installed packages",
  brief: "list installed packages",
  arity: [0, 0],
  options: {
    ...reading,
    outdated: { kind: "flag", short: "o", help: "only those with a newer version on the index" },
    uptodate: { kind: "flag", short: "u", help: "only those without a newer version on the index" },
    editable: { kind: "flag", short: "e", help: "only those installed as editable" },
    includeEditable: { kind: "flag", default: true, isHidden: true, help: "also those installed as editable" },
    excludeEditable: { kind: "flag", help: "without those installed as editable" },
    notRequired: { kind: "flag", help: "only those that no other package requires" },
    pre: { kind: "flag", help: "with --outdated: pre-releases, too" },
    format: {
      kind: "text",
      choices: ["columns", "freeze", "json"],
      default: "columns",
      value: "FORMAT",
      help: "form of the list",
    },
    ...sources,
    ...ignored,
  },
  examples: [
    ["pybun pip list", "names and versions"],
    ["pybun pip list --outdated --format=json", "what could be upgraded, for programs"],
  ],
  data: DISTRIBUTIONS_DATA,
});

export const freeze = commandSpec({
  ...shared,
  summary: "Print installed packages as a requirements file",
  brief: "print installed packages as requirements",
  arity: [0, 0],
  options: {
    ...reading,
    requirement: { kind: "list", short: "r", value: "FILE", help: "keep to the order and comments of this file" },
    all: { kind: "flag", help: "also pip and the tools that builds use" },
    excludeEditable: { kind: "flag", help: "without those installed as editable" },
    ...ignored,
  },
  examples: [["pybun pip freeze > requirements.txt", "what is installed, exactly"]],
  data: DISTRIBUTIONS_DATA,
});

export const show = commandSpec({
  ...shared,
  summary: "Show what is known of installed packages",
  brief: "show what is known of installed packages",
  operands: "<name>...",
  arity: [1, Number.POSITIVE_INFINITY],
  options: {
    files: { kind: "flag", short: "f", help: "also the files of each" },
    ...ignored,
  },
  examples: [["pybun pip show requests", "version, licence, place, what it requires and who requires it"]],
  data: {
    type: "object",
    properties: { packages: { type: "array", items: { type: "object" } } },
    required: ["packages"],
  },
});

export const check = commandSpec({
  ...shared,
  summary: "Check that what installed packages require is there",
  brief: "check that requirements of packages hold",
  arity: [0, 0],
  options: ignored,
  examples: [["pybun pip check", "for CI: exit code 1 when something is missing or does not fit"]],
  data: {
    type: "object",
    properties: { checked: { type: "integer" }, problems: { type: "array", items: { type: "object" } } },
    required: ["checked", "problems"],
  },
});

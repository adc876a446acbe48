import { commandSpec } from "../../plugin-api/command.ts";
import {
  builds,
  CHANGE_DATA,
  DISTRIBUTIONS_DATA,
  dependencies,
  files,
  folders,
  foreign,
  ignored,
  MANY,
  requirements,
  shared,
  sources,
  text,
} from "./declarations.ts";

export const tree = commandSpec({
  ...shared,
  summary: "Show installed packages as a tree of what requires what",
  brief: "installed packages as a tree",
  arity: [0, 0],
  options: {
    depth: { kind: "number", short: "d", value: "N", help: "go so deep and no deeper" },
    package: { kind: "list", value: "NAME", help: "begin with this package" },
    invert: { kind: "flag", help: "show who requires each, the other way round" },
    ...ignored,
  },
  examples: [["pybun pip tree --invert --package b", "who requires b"]],
  data: DISTRIBUTIONS_DATA,
});

const saved = {
  type: "object",
  properties: { folder: text, saved: { type: "array", items: text } },
  required: ["folder", "saved"],
};
const archives = {
  ...requirements,
  ...dependencies,
  ...files,
  ...sources,
  ...builds,
  ...ignored,
} as const;

export const download = commandSpec({
  ...shared,
  summary: "Download the archives of packages and of what they require, and install nothing",
  brief: "download archives of packages",
  operands: "[requirement]...",
  arity: MANY,
  options: {
    dest: { kind: "text", short: "d", value: "DIR", default: ".", help: "folder for the archives" },
    ...archives,
    ...foreign,
  },
  examples: [["pybun pip download -d wheels requests", "to install them where there is no network"]],
  data: saved,
});

export const wheel = commandSpec({
  ...shared,
  summary: "Build wheels of packages and of what they require, or download those there are",
  brief: "build or download wheels of packages",
  operands: "[requirement]...",
  arity: MANY,
  options: {
    wheelDir: { kind: "text", short: "w", value: "DIR", default: ".", help: "folder for the wheels" },
    ...archives,
  },
  examples: [["pybun pip wheel -w wheels .", "the project here and all that it requires"]],
  data: saved,
});

export const hash = commandSpec({
  ...shared,
  summary: "Print the hashes of archives, as requirements files list them",
  brief: "print hashes of archives",
  operands: "<file>...",
  arity: [1, Number.POSITIVE_INFINITY],
  options: {
    algorithm: {
      kind: "text",
      short: "a",
      choices: ["sha256", "sha384", "sha512"],
      default: "sha256",
      value: "NAME",
      help: "algorithm of the hash",
    },
    ...ignored,
  },
  examples: [["pybun pip hash dist/*.whl", "a line for each, to be copied"]],
  data: {
    type: "object",
    properties: { algorithm: text, files: { type: "array", items: { type: "object" } } },
    required: ["algorithm", "files"],
  },
});

export const versions = commandSpec({
  ...shared,
  summary: "List the versions of a package that the indexes have for this Python",
  brief: "list versions of a package",
  operands: "<name>",
  arity: [1, 1],
  options: { ...files, ...sources, ...ignored },
  examples: [["pybun pip index versions requests", "the newest first, and which one is installed"]],
  data: {
    type: "object",
    properties: {
      name: text,
      latest: text,
      versions: { type: "array", items: text },
      installed: { type: ["string", "null"] },
    },
    required: ["name", "latest", "versions", "installed"],
  },
});

export const inspect = commandSpec({
  ...shared,
  summary: "Print all that is known of the environment's packages as JSON",
  brief: "print all that is known of packages as JSON",
  arity: [0, 0],
  options: {
    ...folders,
    ...ignored,
  },
  examples: [["pybun pip inspect", "metadata, origin and installer of each, for programs"]],
  data: {
    type: "object",
    properties: { installed: { type: "array", items: { type: "object" } } },
    required: ["installed"],
  },
});

const removed = { ...CHANGE_DATA, properties: { removed: { type: "integer" } }, required: ["removed"] };

export const cacheDir = commandSpec({
  ...shared,
  summary: "Print the folder of PyBun's caches",
  brief: "folder of the caches",
  arity: [0, 0],
  options: ignored,
  examples: [["pybun pip cache dir", "as pybun cache dir"]],
  data: { type: "object", properties: { path: text }, required: ["path"] },
});

export const cacheInfo = commandSpec({
  ...shared,
  summary: "Show how much PyBun's caches take",
  brief: "how much the caches take",
  arity: [0, 0],
  options: ignored,
  examples: [["pybun pip cache info", "places, sizes and numbers"]],
  data: { type: "object", properties: { path: text, bytes: { type: "integer" } }, required: ["path", "bytes"] },
});

export const cacheList = commandSpec({
  ...shared,
  summary: "List the packages in PyBun's cache",
  brief: "list packages in the cache",
  operands: "[pattern]",
  arity: [0, 1],
  options: ignored,
  examples: [["pybun pip cache list 'num*'", "those whose name begins so"]],
  data: { type: "object", properties: { items: { type: "array", items: { type: "object" } } }, required: ["items"] },
});

export const cacheRemove = commandSpec({
  ...shared,
  summary: "Remove packages from PyBun's cache that no environment uses",
  brief: "remove packages from the cache",
  operands: "<pattern>",
  arity: [1, 1],
  options: ignored,
  examples: [["pybun pip cache remove 'num*'", "those whose name begins so"]],
  data: removed,
});

export const cachePurge = commandSpec({
  ...shared,
  summary: "Empty PyBun's caches; what an environment uses stays",
  brief: "empty the caches",
  arity: [0, 0],
  options: ignored,
  examples: [["pybun pip cache purge", "as pybun cache clean"]],
  data: removed,
});

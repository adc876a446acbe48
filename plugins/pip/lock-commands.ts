import { commandSpec } from "../../plugin-api/command.ts";
import { builds, CHANGE_DATA, files, ignored, sources } from "./declarations.ts";

const shared = { maturity: "preview", group: "Python" } as const;

export const compile = commandSpec({
  ...shared,
  summary: "Write a requirements file with exact versions of all that others require",
  brief: "write exact versions of requirements",
  operands: "[file]...",
  arity: [0, Number.POSITIVE_INFINITY],
  options: {
    output: { kind: "text", isHidden: true, short: "o", value: "FILE", help: "as --output-file" },
    outputFile: { kind: "text", value: "FILE", help: "file to write, instead of standard output" },
    constraint: { kind: "list", short: "c", value: "FILE", help: "versions to keep to if something needs the package" },
    extra: { kind: "list", value: "NAME", help: "also what this extra of a project needs" },
    allExtras: { kind: "flag", help: "also what all extras of a project need" },
    upgrade: { kind: "flag", short: "U", help: "choose every version anew" },
    upgradePackage: { kind: "list", short: "P", value: "NAME", help: "choose the version of this package anew" },
    generateHashes: { kind: "flag", help: "list the hashes of all files" },
    noDeps: { kind: "flag", help: "without what these require" },
    stripExtras: { kind: "flag", default: true, isHidden: true, help: "write names without extras" },
    header: { kind: "flag", default: true, isHidden: true, help: "begin with the command that made the file" },
    annotate: { kind: "flag", default: true, isHidden: true, help: "say who requires each package" },
    annotationStyle: {
      kind: "text",
      choices: ["split", "line"],
      default: "split",
      value: "STYLE",
      help: "who requires each package below it, or behind it",
    },
    emitOptions: { kind: "flag", default: true, isHidden: true, help: "write options of the files, such as indexes" },
    unsafePackage: { kind: "list", value: "NAME", help: "leave this package out of the file" },
    noEmitPackage: { kind: "list", value: "NAME", isHidden: true, help: "as --unsafe-package" },
    allowUnsafe: { kind: "flag", isHidden: true, help: "without effect: pip and setuptools are listed as all others" },
    dryRun: { kind: "flag", short: "n", help: "print the file, and write nothing" },
    ...files,
    ...sources,
    ...builds,
    ...ignored,
  },
  examples: [
    ["pybun pip compile requirements.in -o requirements.txt", "versions that are there already are kept if they fit"],
    ["pybun pip compile pyproject.toml --generate-hashes", "what a project requires, with the hashes of all files"],
  ],
  data: {
    type: "object",
    properties: {
      file: { type: ["string", "null"] },
      up_to_date: { type: "boolean" },
      dry_run: { type: "boolean" },
      packages: { type: "array", items: { type: "object" } },
    },
    required: ["file", "up_to_date", "dry_run", "packages"],
  },
});

export const sync = commandSpec({
  ...shared,
  summary: "Make the environment hold what requirements files list, and nothing else",
  brief: "make the environment equal requirements files",
  operands: "[file]...",
  arity: [0, Number.POSITIVE_INFINITY],
  options: {
    force: { kind: "flag", help: "go on where nothing is listed, so that everything is removed" },
    dryRun: { kind: "flag", short: "n", help: "say what would change, and change nothing" },
    user: { kind: "flag", help: "install into the folder of the user" },
    requireHashes: { kind: "flag", help: "install only what is listed with a hash" },
    reinstall: { kind: "flag", help: "install again what is there already" },
    ...files,
    ...sources,
    ...builds,
    ...ignored,
  },
  examples: [["pybun pip sync requirements.txt", "what the file lists, and nothing else"]],
  data: CHANGE_DATA,
});

import { commandSpec } from "../../plugin-api/command.ts";

/** Forms that a lock can be written in. */
export const FORMATS = ["pylock", "requirements", "json", "cyclonedx"] as const;

export const exportLock = commandSpec({
  summary: "Write the lock in a form that other tools read",
  brief: "write the lock for other tools",
  options: {
    format: {
      kind: "text",
      choices: FORMATS,
      default: "requirements",
      value: "FORM",
      help: "pylock (PEP 751), requirements (pip), json or cyclonedx (bill of materials)",
    },
    output: { kind: "text", short: "o", value: "FILE", help: "file to write, instead of standard output" },
    extra: { kind: "list", value: "NAME", help: "with this extra of the project" },
    allExtras: { kind: "flag", help: "with all extras of the project" },
    group: { kind: "list", value: "NAME", help: "with this dependency group" },
    hashes: { kind: "flag", default: true, help: "write the hashes of all files" },
    emitProject: { kind: "flag", default: true, help: "write the project itself, but only what it requires" },
    prune: { kind: "list", value: "NAME", help: "without this package, and what only it requires" },
    file: { kind: "text", value: "PATH", help: "the lock's file, instead of pybun.lockb beside pyproject.toml" },
    script: { kind: "text", value: "PATH", help: "the lock of a script, PATH.lockb" },
    locked: { kind: "flag", help: "fail when the lock does not match the project" },
    frozen: { kind: "flag", help: "do not compare the lock with the project" },
    dryRun: { kind: "flag", help: "say what would be written, and write nothing" },
  },
  // No group is exported that is not asked for.
  habits: { "--no-dev": "", "--no-default-groups": "", "--output-file": "--output" },
  examples: [
    ["pybun export -o requirements.txt", "for pip, with hashes"],
    ["pybun export --format pylock -o pylock.toml", "the standard's lock, extras and groups to choose from"],
    ["pybun export --no-emit-project --group dev", "requirements of a group besides the project's own"],
    ["pybun --format=json export --format pylock", "the text inside an envelope"],
  ],
  maturity: "preview",
  group: "Project",
  place: 97,
  data: {
    type: "object",
    properties: {
      format: { type: "string" },
      lockfile: { type: "string" },
      output: { type: ["string", "null"] },
      packages: { type: "integer" },
      up_to_date: { type: "boolean" },
      dry_run: { type: "boolean" },
      content: { type: "string" },
    },
    required: ["format", "lockfile", "output", "packages", "up_to_date", "dry_run", "content"],
  },
});

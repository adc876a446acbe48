import { commandSpec } from "../../plugin-api/command.ts";
import { options } from "../../plugin-api/option.ts";

const text = { type: "string" };
const list = (items: object) => ({ type: "array", items });
const fields = { name: text, version: text, specifier: text, extras: list(text), marker: text };
const required = Object.keys(fields);
const part = { type: "object", properties: { kind: { enum: ["base", "extra", "group"] }, name: text } };
const requirement = { type: "object", properties: { ...fields, extra: text, parts: list(part) }, required };

/** Which parts of the project are looked at: everything, or what `sync` with the same options installs. */
const parts = options({
  extra: { kind: "list", value: "NAME", help: "what `sync --extra NAME` installs, not all there is" },
  allExtras: { kind: "flag", help: "what `sync --all-extras` installs" },
  group: { kind: "list", value: "NAME", help: "what `sync --group NAME` installs" },
  onlyGroup: { kind: "list", value: "NAME", help: "what `sync --only-group NAME` installs" },
  noDev: { kind: "flag", help: "what `sync --no-dev` installs" },
  script: { kind: "text", value: "PATH", help: "the lock of a script, PATH.lockb" },
});

export const tree = commandSpec({
  summary: "Show the packages of the lock as a tree, each below what requires it",
  brief: "show packages and what they require",
  operands: "[name...]",
  arity: [0, 1000],
  options: {
    depth: { kind: "number", value: "N", help: "this many levels below the project" },
    invert: { kind: "flag", short: "i", help: "each package with what requires it, in place of what it requires" },
    package: {
      kind: "list",
      value: "NAME",
      help: "begin at this package, or member of the workspace, as `[name...]` does",
    },
    platform: { kind: "text", value: "NAME", help: "as installed on linux, macos, windows, or an architecture of it" },
    universal: { kind: "flag", help: "for all platforms and Pythons of the lock, with markers" },
    outdated: { kind: "flag", help: "with the newest release on the index, where it is not the locked one" },
    showSizes: { kind: "flag", help: "with the sizes of the files to download" },
    noDedupe: { kind: "flag", help: "show what a package requires each time it comes up" },
    ...parts,
  },
  habits: { "--no-default-groups": "--no-dev", "--only-dev": "--only-group dev" },
  examples: [
    ["pybun tree --depth 1", "what the project itself requires"],
    ["pybun tree --invert urllib3", "who requires a package"],
    ["pybun tree --platform windows --no-dev", "what a server with Windows gets"],
    ["pybun tree --format=json", "packages and requirements for programs"],
  ],
  maturity: "preview",
  group: "Project",
  place: 90,
  data: {
    type: "object",
    properties: {
      lockfile: text,
      roots: list({
        type: "object",
        properties: { name: text, version: text, requires: list(requirement) },
        required: ["name", "version", "requires"],
      }),
      packages: list({
        type: "object",
        properties: {
          name: text,
          version: text,
          source: { type: "object" },
          requires: list(requirement),
          required_by: list(requirement),
          size_bytes: { type: "integer" },
          latest: text,
        },
        required: ["name", "version", "source", "requires", "required_by"],
      }),
    },
    required: ["lockfile", "roots", "packages"],
  },
});

export const why = commandSpec({
  summary: "Show every path by which the project comes to require a package",
  brief: "show who needs a package",
  operands: "<name>",
  arity: [1, 1],
  options: { ...parts },
  examples: [
    ["pybun why urllib3", "one path a line, the project first"],
    ["pybun why colorama", "also where it is needed on another platform only"],
    ["pybun why urllib3 --no-dev", "not counting the tools for developers"],
  ],
  maturity: "preview",
  group: "Project",
  place: 95,
  data: {
    type: "object",
    properties: {
      lockfile: text,
      name: text,
      packages: list({
        type: "object",
        properties: {
          version: text,
          paths: list(
            list({ type: "object", properties: { ...fields, parts: list(part) }, required: ["name", "version"] }),
          ),
          path_count: { type: ["integer", "null"] },
        },
        required: ["version", "paths", "path_count"],
      }),
    },
    required: ["lockfile", "name", "packages"],
  },
});

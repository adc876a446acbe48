import { commandSpec } from "../../plugin-api/command.ts";

const text = { type: "string" };

/** Build backends that new projects can have, by the names people know them by; the usual one first. */
export const BACKENDS = ["hatchling", "setuptools", "flit", "pdm", "poetry", "uv"] as const;
export type BackendName = (typeof BACKENDS)[number];

export const init = commandSpec({
  summary: "Make a project: pyproject.toml, sources, a test, an environment",
  brief: "create a project",
  operands: "[path]",
  arity: [0, 1],
  options: {
    name: { kind: "text", value: "NAME", help: "the project's name, instead of the folder's" },
    app: { kind: "flag", help: "an application, with a command (the default)" },
    lib: { kind: "flag", help: "a library, with types for those who use it" },
    script: { kind: "text", value: "FILE", help: "a script with a list of its own requirements, and no project" },
    bare: { kind: "flag", help: "nothing but pyproject.toml" },
    buildBackend: { kind: "text", value: "NAME", choices: BACKENDS, help: `what builds it: ${BACKENDS.join(", ")}` },
    layout: {
      kind: "text",
      value: "NAME",
      choices: ["src", "flat"],
      help: "sources in src, or in the project's folder",
    },
    description: { kind: "text", value: "TEXT", help: "what it is for, in a sentence" },
    license: { kind: "text", value: "EXPR", help: "its licence as an SPDX expression, such as MIT" },
    vcs: {
      kind: "text",
      value: "NAME",
      choices: ["git", "none"],
      help: "repository to make, where there is none around",
    },
    venv: { kind: "flag", default: true, help: "make an environment" },
    dryRun: { kind: "flag", help: "say what would be made, and make nothing" },
  },
  examples: [
    ["pybun init", "here, asking for what is not obvious"],
    ["pybun init shop-api -y", "in a folder of its own, asking nothing"],
    ["pybun init parser --lib", "a library"],
    ["pybun init --script report.py", "a script with a block of requirements"],
  ],
  maturity: "preview",
  group: "Project",
  isAct: true,
  place: 10,
  data: {
    type: "object",
    properties: {
      created: { type: "array", items: text },
      kept: { type: "array", items: text },
      dry_run: { type: "boolean" },
      project: {
        type: ["object", "null"],
        properties: {
          name: text,
          version: text,
          root: text,
          requires_python: text,
          kind: { enum: ["app", "lib"] },
          build_backend: { type: ["string", "null"] },
          workspace: { type: ["string", "null"] },
          env: { type: ["string", "null"] },
        },
        required: ["name", "version", "root", "requires_python", "kind", "build_backend", "workspace", "env"],
      },
      python: text,
    },
    required: ["created", "kept", "dry_run", "project", "python"],
  },
});

export const version = commandSpec({
  summary: "Show the project's version, or set it",
  brief: "show or set the project's version",
  operands: "[version]",
  arity: [0, 1],
  options: {
    bump: {
      kind: "list",
      value: "PART",
      help: "raise major, minor, patch, alpha, beta, rc, post or dev, or take all but the release away: stable; `patch=7` sets it",
    },
    short: { kind: "flag", help: "print nothing but the version" },
    package: { kind: "text", value: "NAME", help: "this member of the workspace" },
    frozen: { kind: "flag", help: "leave the lock alone where it names the version" },
    dryRun: { kind: "flag", help: "say what would change, and change nothing" },
  },
  examples: [
    ["pybun version", "the project and its version"],
    ["pybun version --bump minor", "1.2.3 becomes 1.3.0"],
    ["pybun version --bump patch --bump rc", "1.2.3 becomes 1.2.4rc1"],
    ["pybun version 2.0.0", "this one"],
  ],
  maturity: "preview",
  group: "Project",
  place: 98,
  data: {
    type: "object",
    properties: {
      project: text,
      version: text,
      previous: { type: ["string", "null"] },
      dynamic: { type: "boolean" },
      up_to_date: { type: "boolean" },
      dry_run: { type: "boolean" },
      files: { type: "array", items: text },
    },
    required: ["project", "version", "previous", "dynamic", "up_to_date", "dry_run", "files"],
  },
});

import { commandSpec } from "../../plugin-api/command.ts";
import { ENVIRONMENT_DATA } from "../../plugin-api/text/environment-data.ts";

const row = {
  type: "object",
  properties: {
    ...ENVIRONMENT_DATA.properties,
    kind: { type: "string", enum: ["project", "dot-venv", "active", "named", "central", "global"] },
    project: { type: ["string", "null"] },
  },
} as const;

export const info = commandSpec({
  summary: "Show the environment that is used here",
  brief: "the environment used here",
  options: {},
  examples: [
    ["pybun env info", "path, Python, packages, and why it is this one"],
    ["pybun env info --format=json", "the same for editors"],
  ],
  maturity: "preview",
  group: "Python",
  place: 20,
  data: { type: "object", properties: { env: ENVIRONMENT_DATA }, required: ["env"] },
});

export const list = commandSpec({
  summary: "List the environments of this project and of the data directory",
  brief: "list environments",
  options: {},
  examples: [["pybun env list", "* marks the one used here"]],
  maturity: "preview",
  group: "Python",
  place: 20,
  data: { type: "object", properties: { environments: { type: "array", items: row } } },
});

const made = {
  type: "object",
  properties: { env: ENVIRONMENT_DATA, version: { type: "string" }, up_to_date: { type: "boolean" } },
  required: ["env", "version", "up_to_date"],
};
const making = {
  clear: { kind: "flag", help: "replace an environment that is there" },
  prompt: { kind: "text", value: "NAME", help: "name that an activated shell shows" },
  systemSitePackages: { kind: "flag", help: "also see the packages of the interpreter itself" },
} as const;

export const create = commandSpec({
  summary: "Make an environment for this project, or a named one",
  brief: "make an environment",
  operands: "[name]",
  arity: [0, 1],
  options: making,
  examples: [
    ["pybun env create", "the project's own, in .pybun/venv"],
    ["pybun env create --python 3.12", "with that Python; one of another version is made anew"],
    ["pybun env create work", "one of that name, used with PYBUN_ENV=work"],
  ],
  maturity: "preview",
  group: "Python",
  isAct: true,
  place: 20,
  data: made,
});

export const venv = commandSpec({
  summary: "Make an environment in a folder",
  brief: "make an environment in a folder",
  operands: "[path]",
  arity: [0, 1],
  options: making,
  examples: [
    ["pybun venv", "as `pybun env create`"],
    ["pybun venv .venv --python 3.12", "in the folder that other tools use"],
  ],
  maturity: "preview",
  group: "Python",
  isAct: true,
  place: 30,
  data: made,
});

export const remove = commandSpec({
  summary: "Remove the project's environment, or the one named",
  brief: "remove an environment",
  operands: "[name]",
  arity: [0, 1],
  options: {},
  examples: [
    ["pybun env remove", "the project's own; nothing of the project is touched"],
    ["pybun env remove work", "the one of that name"],
  ],
  maturity: "preview",
  group: "Python",
  isAct: true,
  place: 20,
});

export const materialize = commandSpec({
  summary: "Turn an environment's links to the store into files of its own",
  brief: "make links real files",
  options: {
    env: { kind: "text", value: "PATH", help: "the environment: a path or a name; default the one used here" },
  },
  examples: [
    ["pybun env materialize", "for tools that must not meet links, or to take the folder elsewhere"],
    ["pybun sync --link-mode tree", "the way back"],
  ],
  maturity: "preview",
  group: "Python",
  isAct: true,
  place: 20,
  data: {
    type: "object",
    properties: {
      env: ENVIRONMENT_DATA,
      packages: { type: "integer" },
      link_mode: { type: ["string", "null"] },
      up_to_date: { type: "boolean" },
      left: { type: "array", items: { type: "string" } },
    },
    required: ["env", "packages", "link_mode", "up_to_date", "left"],
  },
});

export const path = commandSpec({
  summary: "Print the path of the environment that is used here",
  brief: "path of the environment",
  options: {},
  examples: [["cd $(pybun env path)", "go there"]],
  maturity: "preview",
  group: "Python",
  place: 20,
});

export const activate = commandSpec({
  summary: "Print the line that activates the environment in a shell",
  brief: "line that activates the environment",
  options: {
    shell: {
      kind: "text",
      choices: ["bash", "zsh", "sh", "fish", "csh", "tcsh", "powershell", "pwsh", "nu", "cmd"],
      value: "SHELL",
      help: "the shell's language; default the one of $SHELL",
    },
  },
  examples: [
    ['eval "$(pybun env activate)"', "in bash or zsh"],
    ["pybun env activate --shell fish | source", "in fish"],
  ],
  maturity: "preview",
  group: "Python",
  place: 20,
});

import { commandSpec } from "../../plugin-api/command.ts";
import { ENVIRONMENT_DATA } from "../../plugin-api/text/environment-data.ts";

const text = { type: "string" };
const maybe = { type: ["string", "null"] };
const listOf = (items: object) => ({ type: "array", items });
const packages = listOf({ type: "object", properties: { name: text, version: text }, required: ["name", "version"] });

const running = {
  operands: "<package|path|url> [args...]",
  arity: [1, Number.POSITIVE_INFINITY],
  handsOver: true,
  isHosting: true,
  options: {
    from: { kind: "text", value: "PKG", help: "package that has the command, where the two names differ" },
    with: { kind: "list", value: "SPEC", help: "add a requirement, or what is at a path or URL" },
    withEditable: {
      kind: "list",
      short: "e",
      value: "DIR",
      help: "add a project's folder, so that changes to it count at once",
    },
    reuse: { kind: "flag", env: ["PYBUN_X_REUSE"], key: "x.reuse", help: "keep the environment for the next time" },
    stream: { kind: "flag", help: "with a JSON format, copy the tool's output to standard error as it comes" },
    dryRun: { kind: "flag", help: "say what would run, and run nothing" },
  },
  maturity: "preview",
  group: "Run",
  place: 30,
} as const;

export const x = commandSpec({
  ...running,
  summary: "Run a tool once, in an environment of its own",
  brief: "run a tool once",
  examples: [
    ["pybun x ruff check .", "the command of the same name"],
    ["pybun x 'httpie>=3' --version", "with a version"],
    ["pybun x --from httpie http example.org", "a command with another name"],
    ["pybun x ./report.py", "a script with its own dependencies"],
  ],
});

/** Another word for it, which those know who come from other tools. */
export const run = commandSpec({
  ...running,
  summary: "Run a tool once, as `pybun x` does",
  brief: "run a tool once",
  examples: [["pybun tool run ruff check .", "the same as `pybun x ruff check .`"]],
});

const changed = {
  type: "object",
  properties: {
    tools: listOf({
      type: "object",
      properties: {
        name: text,
        from: maybe,
        to: maybe,
        up_to_date: { type: "boolean" },
        commands: listOf(text),
        env: ENVIRONMENT_DATA,
        packages,
      },
      required: ["name", "from", "to", "up_to_date", "commands", "env", "packages"],
    }),
    bin: text,
    up_to_date: { type: "boolean" },
    dry_run: { type: "boolean" },
  },
  required: ["tools", "bin", "up_to_date", "dry_run"],
};
const dryRun = { kind: "flag", help: "say what would change, and change nothing" } as const;
const all = { maturity: "preview", group: "Run" } as const;

export const install = commandSpec({
  ...all,
  summary: "Install a tool in an environment of its own, with its commands for every shell",
  brief: "install a tool",
  isAct: true,
  operands: "<package|path|url>",
  arity: [1, 1],
  options: {
    with: { kind: "list", value: "SPEC", help: "also install this beside it, such as a plugin" },
    editable: { kind: "flag", short: "e", help: "what is named is a project's folder; changes to it count at once" },
    force: { kind: "flag", help: "install anew, and replace commands of the same names" },
    dryRun,
  },
  examples: [
    ["pybun tool install ruff", "its newest version"],
    ["pybun tool install 'httpie>=3' --python 3.12", "with a version, on a Python"],
    ["pybun tool install mkdocs --with mkdocs-material", "with a plugin of it"],
    ["pybun tool install --editable .", "the project here"],
  ],
  data: changed,
});

export const upgrade = commandSpec({
  ...all,
  summary: "Take newer versions of installed tools, as far as what was asked for allows",
  brief: "upgrade tools",
  isAct: true,
  operands: "[name]...",
  arity: [0, Number.POSITIVE_INFINITY],
  options: { all: { kind: "flag", help: "every installed tool" }, dryRun },
  examples: [
    ["pybun tool upgrade ruff", "one tool"],
    ["pybun tool upgrade --all", "all of them"],
    ["pybun tool upgrade --all --python 3.13", "on another Python from now on"],
  ],
  data: changed,
});

export const uninstall = commandSpec({
  ...all,
  summary: "Remove tools with their environments and commands",
  brief: "remove tools",
  isAct: true,
  operands: "[name]...",
  arity: [0, Number.POSITIVE_INFINITY],
  options: { all: { kind: "flag", help: "every installed tool" }, dryRun },
  examples: [["pybun tool uninstall ruff", "nothing of it stays but what the store has"]],
  data: changed,
});

export const inject = commandSpec({
  ...all,
  summary: "Add packages to the environment of an installed tool",
  brief: "add packages to a tool",
  isAct: true,
  operands: "<name> <spec>...",
  arity: [2, Number.POSITIVE_INFINITY],
  options: { dryRun },
  examples: [["pybun tool inject mkdocs mkdocs-material", "a plugin; what is there keeps its version"]],
  data: changed,
});

export const list = commandSpec({
  ...all,
  summary: "List installed tools with their versions, Pythons and commands",
  brief: "list installed tools",
  options: {},
  examples: [["pybun tool list --format=json", "for programs, with all packages of each"]],
  data: {
    type: "object",
    properties: {
      tools: listOf({
        type: "object",
        properties: {
          name: text,
          version: text,
          python: text,
          commands: listOf(text),
          with: listOf(text),
          env: ENVIRONMENT_DATA,
          packages,
          damage: maybe,
        },
        required: ["name", "version", "python", "commands", "with", "env", "packages", "damage"],
      }),
      bin: text,
    },
    required: ["tools", "bin"],
  },
});

export const dir = commandSpec({
  ...all,
  summary: "Print where tools are installed",
  brief: "print where tools are",
  options: { bin: { kind: "flag", help: "the folder of their commands instead" } },
  examples: [["pybun tool dir --bin", "the folder that has to be on PATH"]],
  data: { type: "object", properties: { tools: text, bin: text }, required: ["tools", "bin"] },
});

export const updateShell = commandSpec({
  ...all,
  summary: "Have new shells look for commands in the folder of installed tools",
  brief: "put tools on PATH",
  isAct: true,
  options: { shell: { kind: "text", value: "NAME", help: "bash, zsh, fish or sh; default the one of $SHELL" }, dryRun },
  examples: [["pybun tool update-shell --dry-run", "which files would be changed"]],
  data: {
    type: "object",
    properties: {
      bin: text,
      shell: text,
      on_path: { type: "boolean" },
      files: listOf(text),
      up_to_date: { type: "boolean" },
      dry_run: { type: "boolean" },
    },
    required: ["bin", "shell", "on_path", "files", "up_to_date", "dry_run"],
  },
});

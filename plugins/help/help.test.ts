import { test } from "uvu";
import * as assert from "uvu/assert";
import { command, commandSpec } from "../../plugin-api/command.ts";
import { definePlugin } from "../../plugin-api/plugin.ts";
import { Help } from "../../plugin-api/services.ts";
import { catalogueOf, plainStyle, sessionOf } from "../../test/harness/plugin-session.ts";
import { matchesSnapshot } from "../../test/harness/snapshot.ts";
import help from "./index.ts";
import { renderHelp } from "./render-help.ts";
import makeHelp from "./service.ts";

const load = () => Promise.reject(new Error("help loads no command"));
const remove = commandSpec({
  summary: "Remove dependencies, update the lock, uninstall what nothing else needs",
  brief: "remove dependencies",
  operands: "<name>...",
  arity: [1, 100],
  options: {
    group: { kind: "text", value: "G", help: "from a group instead of project.dependencies" },
    sync: { kind: "flag", default: true, env: ["PYBUN_SYNC"], help: "bring the environment in line" },
    mode: { kind: "text", choices: ["all", "none"], default: "all", help: "how much to remove of what is installed" },
    sandbox: { kind: "text", bare: "on", value: "MODE", help: "run in a sandbox" },
    jobs: { kind: "number", default: 4, short: "j", value: "N", help: "at once" },
    old: { kind: "flag", isHidden: true, help: "hidden" },
    table: { kind: "table", argv: false, help: "in files only" },
  },
  examples: [
    ["pybun remove httpx", ""],
    ["pybun remove --group dev pytest", "from group dev"],
  ],
  maturity: "stable",
  group: "Project",
});
const run = commandSpec({
  summary: "Run a script",
  brief: "run a script, module, task or command in the environment that fits it best",
  operands: "<target> [args...]",
  arity: [1, 100],
  handsOver: true,
  options: {},
  maturity: "preview",
  group: "Run",
});
const list = commandSpec({
  summary: "List",
  brief: "list interpreters",
  options: {},
  maturity: "stable",
  group: "Python",
});
const sample = definePlugin({
  name: "sample",
  version: "1.0.0",
  apiVersion: 1,
  summary: "",
  maturity: "stable",
  commands: {
    remove: command(remove, load),
    run: command(run, load),
    "python list": command(list, load),
    "python find": command(list, load),
  },
});
const catalogue = catalogueOf([sample, help]);

for (const [name, path, verbosity] of [
  ["main", "", 0],
  ["one command", "remove", 0],
  ["all options", "run", 1],
  ["group", "python", 0],
] as const)
  test(`${name}: from the declarations, at every width; in a pipe as at 80`, () => {
    const at = (width: number) => renderHelp(catalogue, path, { verbosity, width });
    matchesSnapshot(
      `help/${name.replace(" ", "-")}`,
      [50, 80, 120].map((width) => `--- ${width}\n${at(width)}`).join(""),
    );
    assert.is(at(Number.POSITIVE_INFINITY), at(80));
    for (const width of [50, 80])
      for (const line of at(width).split("\n"))
        assert.ok(line.length <= width || line.startsWith("  pybun ") || line.startsWith("Usage:"), line);
  });

test("a command that is not there is a usage error with the nearest one", async () => {
  const { show } = await makeHelp(sessionOf(catalogue));
  assert.throws(
    () => show("remoev", 0),
    (error: Error) => error.message === "no command `remoev`",
  );
  assert.match(show("python", 0).text?.(plainStyle()) ?? "", "pybun help python <command>");
});

test("JSON has every option with what it is called everywhere", async () => {
  const { show, version } = await makeHelp(sessionOf(catalogue));
  const data = show("remove", 0).data as { options: { flag: string }[]; global_options: { flag: string }[] };
  assert.equal(
    data.options.map(({ flag }) => flag),
    ["--group", "--sync", "--mode", "--sandbox", "--jobs", "--old"],
  );
  assert.ok(data.global_options.some(({ flag }) => flag === "--offline"));
  assert.is(version().text?.(plainStyle()), "pybun 1.2.3\n");
  assert.is(Help.name, "Help");
});

test.run();

import path from "node:path";
import { test as run } from "uvu";
import * as assert from "uvu/assert";
import { inPlace } from "../harness/project.ts";
import { runInTerminal } from "../harness/terminal.ts";

// Terminals are made with Python's pty module, which Windows has not.
const test = process.platform === "win32" ? run.skip : run;
const WRONG = ["config", "set", "offline", "maybe"];
const RED = "\u001b[1;31m";
const plain = "error[E_USAGE]: `offline` takes true or false, not `maybe`\nhint: see `pybun help config set`\n";

test(
  "a terminal gets colours, a pipe the same text without",
  inPlace(async (place) => {
    const { shown, exitCode } = await runInTerminal(place, WRONG);
    assert.is(exitCode, 2);
    assert.ok(shown.startsWith(`${RED}error[E_USAGE]\u001b[22;39m: `), JSON.stringify(shown));
    // oxlint-disable-next-line no-control-regex -- colours are taken away
    assert.is(shown.replaceAll(/\u001b\[[\d;]*m/g, ""), plain);
    assert.is((await place.run(WRONG)).stderr, plain);
  }),
);

test(
  "the flag decides on colour first, then NO_COLOR, then FORCE_COLOR, then the terminal",
  inPlace(async (place) => {
    for (const [argv, env, isRed] of [
      [[], { NO_COLOR: "1" }, false],
      [[], { TERM: "dumb" }, false],
      [["--color=never"], { FORCE_COLOR: "1" }, false],
      [["--color=always"], { NO_COLOR: "1" }, true],
    ] as const)
      assert.is((await runInTerminal(place, [...argv, ...WRONG], { env })).shown.includes(RED), isRed, argv.join());
    for (const [env, isRed] of [
      [{ FORCE_COLOR: "1" }, true],
      [{ FORCE_COLOR: "1", NO_COLOR: "1" }, false],
    ] as const)
      assert.is((await place.run(WRONG, { env })).stderr.includes(RED), isRed);
  }),
);

test(
  "text keeps to the width of the terminal, at words; a pipe has no width",
  inPlace(async (place) => {
    const { shown } = await runInTerminal(place, ["--color=never", ...WRONG], { columns: 40 });
    assert.is(
      shown,
      "error[E_USAGE]: `offline` takes true or\nfalse, not `maybe`\nhint: see `pybun help config set`\n",
    );
    const help = await runInTerminal(place, ["--color=never", "help", "config", "set"], { columns: 60 });
    for (const line of help.shown.split("\n"))
      assert.ok(line.length <= 60 || line.startsWith("  pybun ") || line.startsWith("Usage:"), line);
  }),
);

test(
  "a locale without UTF-8 gets ASCII only",
  inPlace(async (place) => {
    for (const argv of [["help"], WRONG, ["explain", "E_NETWORK"]]) {
      const { shown } = await runInTerminal(place, argv, { env: { LC_ALL: "C" } });
      // oxlint-disable-next-line no-control-regex -- colours are ASCII as well
      assert.match(shown, /^[\n\u001b -~]*$/);
    }
  }),
);

test(
  "an answer that is remembered looks in a terminal as it did when it was found",
  inPlace(async (place) => {
    place.write({ "pyproject.toml": '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.9"\n' });
    await runInTerminal(place, ["lock"]);
    const log = (): string => place.read(path.join(place.data, "logs", "pybun.jsonl"));
    const timeless = (text: string): string => text.replace(/\d+(?:\.\d+)?m?s/, "TIME");
    const found = await runInTerminal(place, ["lock"]);
    const written = log();
    const again = await runInTerminal(place, ["lock"]);
    assert.is(timeless(again.shown), timeless(found.shown));
    assert.match(again.shown, "\u001b[32mUp to date\u001b[39m: pybun.lockb, 0 packages \u001b[2min ");
    const dumb = await runInTerminal(place, ["lock"], { env: { TERM: "dumb" } });
    assert.match(dumb.shown, /^Up to date: pybun\.lockb, 0 packages in \d+ms\n$/);
    assert.is(log(), written, "both were remembered");
  }),
);

run.run();

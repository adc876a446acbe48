import fs from "node:fs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { PybunError } from "../../plugin-api/error.ts";
import type { Report, TextStyle } from "../../plugin-api/report.ts";
import { textStyle } from "../../plugin-api/text/style.ts";
import { createMachine, type FakeMachine } from "../../test/harness/fake-machine.ts";
import { writeFakePython } from "../../test/harness/fake-python.ts";
import find from "./find.ts";
import list from "./list.ts";
import pin from "./pin.ts";
import which from "./which.ts";

const test = suite<{ machine: FakeMachine }>("python commands");
const style = (isTerminal: boolean): TextStyle =>
  textStyle({ isTerminal, hasColor: false, isUnicode: false, columns: () => 80, verbosity: 0, isQuiet: false });
const printed = (report: Report): string => report.text?.(style(false)) ?? "";
const PIN = { dryRun: false };

test.before.each((context) => {
  const machine = createMachine();
  const { at } = machine;
  writeFakePython(at("home/.pyenv/versions/3.12.1/bin/python3.12"), { version: "3.12.1" });
  writeFakePython(at("path/python3.11"), { version: "3.11.2" });
  writeFakePython(at("path/python3.10"), { version: "3.10.2", instead: "exit 1" });
  context.machine = machine;
});
test.after.each(({ machine }) => machine.remove());

test("list shows one row each and marks the one used here", async ({ machine }) => {
  machine.write({ "work/.python-version": "3.11\n" });
  const report = await list({ installed: false, available: false, all: false }, [], machine.session());
  assert.equal(printed(report).split("\n"), [
    "  version  source  path",
    "  3.12.1   pyenv   ~/.pyenv/versions/3.12.1/bin/python3.12",
    `* 3.11.2   path    ${machine.at("path/python3.11")}`,
  ]);
  assert.equal((report.data["interpreters"] as object[])[1], {
    version: "3.11.2",
    implementation: "cpython",
    path: machine.at("path/python3.11"),
    source: "path",
    arch: "x86_64",
    abi: "cp311",
    managed: false,
    active: true,
  });
});

test("list --all says what can't be used and why", async ({ machine }) => {
  const report = await list({ installed: false, available: false, all: true }, [], machine.session());
  assert.is(
    printed(report).split("\n").at(-1),
    `  -        unusable  ${machine.at("path/python3.10")}  ended with status 1`,
  );
  assert.equal(report.data["unusable"], [{ path: machine.at("path/python3.10"), reason: "ended with status 1" }]);
});

test("find prints the path and nothing else", async ({ machine }) => {
  const report = await find({}, ["3.11"], machine.session());
  assert.is(printed(report), machine.at("path/python3.11"));
  assert.is(report.data["active"], false);
});

test("which says why, on a terminal after the path", async ({ machine }) => {
  machine.write({ "work/.python-version": "3.99\n3.11\n" });
  const report = await which({}, [], machine.session());
  assert.is(printed(report), machine.at("path/python3.11"));
  assert.is(report.text?.(style(true)), `${machine.at("path/python3.11")}  3.11.2, asked by .python-version:2`);
  assert.is(
    (await which({}, [], machine.session({ settings: { python: "3.12" } }))).data["reason"],
    "asked by --python",
  );
  fs.rmSync(machine.at("work/.python-version"));
  assert.is((await which({}, [], machine.session())).data["reason"], "newest found");
});

test("pin writes .python-version at the project's root, once", async ({ machine }) => {
  machine.write({ "work/pyproject.toml": '[project]\nrequires-python = ">=3.11"\n', "work/src/x.py": "" });
  const session = machine.session({ cwd: "work/src", project: "work" });
  const file = machine.at("work/.python-version");
  assert.is(printed(await pin({ dryRun: true }, ["3.12"], session)), "Would pin Python 3.12 in ../.python-version");
  assert.not.ok(fs.existsSync(file));
  assert.is(printed(await pin(PIN, ["cpython@3.12"], session)), "Pinned Python 3.12 in ../.python-version");
  assert.is(fs.readFileSync(file, "utf8"), "3.12\n");
  assert.is(printed(await pin(PIN, ["3.12"], session)), "Up to date: ../.python-version asks for Python 3.12");
  assert.is(printed(await pin(PIN, ["3.11"], session)), "Pinned Python 3.11 in ../.python-version, was 3.12");
});

const refusals: readonly (readonly [request: string, code: string, message: RegExp])[] = [
  ["3.10", "E_PYTHON_MISMATCH", /^`3\.10` does not fit the project, which requires `>=3\.11\.3`$/],
  ["3.11", "E_PYTHON_MISMATCH", /which requires `>=3\.11\.3`, the one found is 3\.11\.2$/],
  ["3.8", "E_PYTHON_NOT_FOUND", /too old/],
  ["./nothing", "E_PYTHON_NOT_FOUND", /does not exist/],
];
for (const [request, code, message] of refusals)
  test(`pin ${request} is refused and changes nothing`, async ({ machine }) => {
    machine.write({
      "work/pyproject.toml": '[project]\nrequires-python = ">=3.11.3"\n',
      "work/.python-version": "3.12\n",
    });
    try {
      await pin(PIN, [request], machine.session({ project: "work" }));
      assert.unreachable();
    } catch (error) {
      assert.is((error as PybunError).code, code);
      assert.match((error as PybunError).message, message);
      if (code === "E_PYTHON_MISMATCH")
        assert.equal((error as PybunError).detail.hints, ["pin one that fits: `pybun python pin 3.12`"]);
    }
    assert.is(fs.readFileSync(machine.at("work/.python-version"), "utf8"), "3.12\n");
  });

test("a version may be pinned before it is installed, with a warning", async ({ machine }) => {
  const report = await pin(PIN, ["3.13"], machine.session());
  assert.is(fs.readFileSync(machine.at("work/.python-version"), "utf8"), "3.13\n");
  assert.equal(
    report.diagnostics?.map(({ code }) => code),
    ["W_PYTHON_NOT_INSTALLED"],
  );
});

test.run();

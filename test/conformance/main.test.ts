import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { makeWheel } from "../harness/wheel.ts";

/** The runner is proven with programs in place of the executable that get everything wrong in one way. */
const REFUSES_ALL = 'case "$*" in *warm*|*--version*) exit 0;; esac; exit 6';
const INSTALLS_ALL = 'case "$*" in *warm*|*--version*) exit 0;; esac; echo "IMPORTED 1.0"';
const CRASHES = 'case "$*" in *warm*|*--version*) exit 0;; esac; exit 70';
const LEAVES_TRACES =
  'case "$*" in *warm*|*--version*) exit 0;; *case.py*) mkdir -p "$PYBUN_HOME/packages"; echo x > "$PYBUN_HOME/packages/x";; esac; exit 6';

interface Row {
  readonly name: string;
  readonly expected: "reject" | "safe";
  readonly control?: boolean;
}
const ROWS: readonly Row[] = [
  { name: "good_one", expected: "safe", control: true },
  { name: "bad_one", expected: "reject" },
];

function conformance(program: string, fill: (folder: string) => void): { status: number | null; output: string } {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "conformance-"));
  try {
    const executable = path.join(scratch, "program");
    fs.writeFileSync(executable, `#!/bin/sh\n${program}\n`, { mode: 0o755 });
    const data = path.join(scratch, "data", "of-any-name");
    fs.mkdirSync(data, { recursive: true });
    fill(data);
    const { status, stdout } = spawnSync(process.execPath, [path.join(import.meta.dirname, "main.ts"), scratch], {
      encoding: "utf8",
      env: { ...process.env, TEST_EXECUTABLE: executable },
    });
    return { status, output: stdout };
  } finally {
    fs.rmSync(scratch, { recursive: true });
  }
}

function hostileFolder(folder: string): void {
  for (const { name } of ROWS) {
    const { bytes, filename } = makeWheel({ name, version: "1.0" });
    fs.writeFileSync(path.join(folder, filename), bytes);
  }
  const rows = ROWS.map((row) => ({ ...row, file: `${row.name}-1.0-py3-none-any.whl`, kind: "wheel", must_not: "" }));
  fs.writeFileSync(path.join(folder, "manifest.json"), JSON.stringify(rows));
}

test("an executable that refuses everything proves nothing", () => {
  const { status, output } = conformance(REFUSES_ALL, hostileFolder);
  assert.is(status, 1);
  assert.match(output, /^hostile: 0 passed, 2 failed$/m);
  assert.match(output, /good_one: should install and be imported/);
  assert.match(output, /bad_one: refused, but so was every control/);
});

test("an executable that installs everything fails where it should refuse", () => {
  const { status, output } = conformance(INSTALLS_ALL, hostileFolder);
  assert.is(status, 1);
  assert.match(output, /^hostile: 1 passed, 1 failed$/m);
  assert.match(output, /bad_one: should be refused, but ended with exit code 0/);
});

test("a crash is no refusal", () => {
  assert.match(conformance(CRASHES, hostileFolder).output, /bad_one: should be refused, but ended with exit code 70/);
});

test("a refusal that leaves something in the store is none", () => {
  const { output } = conformance(LEAVES_TRACES, hostileFolder);
  assert.match(output, /bad_one: not as before: data\/packages\/x is new/);
});

test("wheels that should install and don't are failures", () => {
  const { status, output } = conformance(REFUSES_ALL, (folder) => {
    const { bytes, filename } = makeWheel({ name: "plain", version: "1.0" });
    fs.writeFileSync(path.join(folder, filename), bytes);
  });
  assert.is(status, 1);
  assert.match(output, /^pip-data: 0 passed, 2 failed$/m);
});

const SCENARIO = `
[root]
requires = ["app"]
mood = "good"
[packages.app.versions."1.0"]
requires = ["lib"]
[packages.lib.versions."2.0"]
size = 3
[packages.empty]
[resolver_options]
colour = "green"
`;

function scenarioFolder(folder: string): void {
  fs.mkdirSync(path.join(folder, "scenarios", "some"), { recursive: true });
  fs.writeFileSync(path.join(folder, "scenarios", "some", "good.toml"), SCENARIO);
  fs.writeFileSync(path.join(folder, "scenarios", "some", "torn.toml"), "[root");
  fs.writeFileSync(path.join(folder, "scenarios", "some", "bare.toml"), "");
  const everywhere = { mode: "lock", ok: true, python: "3.12.1" };
  const there = [{ packages: { app: "1.0", lib: "2.0" }, environments: ["moon"] }];
  const scenarios = {
    "some/missing": { mode: "install", python: "3.12.1", ok: true },
    "some/torn": { mode: "install", python: "3.12.1", ok: true },
    "some/good": { mode: "install", python: "3.12.1", ok: true, packages: { app: "1.0", lib: "2.0" }, weather: "fine" },
    "some/bare": { ...everywhere, selections: [] },
  };
  const elsewhere = { "some/../some/good": { ...everywhere, selections: there } };
  fs.writeFileSync(path.join(folder, "expected.json"), JSON.stringify({ scenarios: { ...scenarios, ...elsewhere } }));
}

test("a scenario that breaks is one failure; what is not known in others is passed over", () => {
  const { status, output } = conformance(REFUSES_ALL, scenarioFolder);
  assert.is(status, 1);
  assert.match(output, /^resolver: 2 passed, 3 failed$/m);
  assert.match(output, /failed some\/missing: .*ENOENT/);
  assert.match(output, /failed some\/torn: /);
  assert.match(output, /the environment moon is not described/);
});

test("a frozen index that is not there is one failure", () => {
  const { output } = conformance(REFUSES_ALL, (folder) => {
    const write = (name: string, value: unknown): void => {
      fs.mkdirSync(path.join(folder, path.dirname(name)), { recursive: true });
      fs.writeFileSync(path.join(folder, name), JSON.stringify(value));
    };
    write("index/small.json", { a: { "1": { dependencies: ["b"] } }, b: { "1": {}, "2": { dependencies: [] } } });
    for (const name of ["one", "two"]) write(`case/${name}.json`, {});
    const one = { ok: true, index: "small", requested: ["a"], packages: { a: "1", b: "2" } };
    write("expected.json", { cases: { one, two: { ...one, index: "none" } } });
  });
  assert.match(output, /^resolvelib: 1 passed, 1 failed$/m);
});

test("a folder without data is a failure", () => {
  const { status, output } = conformance(REFUSES_ALL, () => {});
  assert.is(status, 1);
  assert.match(output, "no data found");
});

test.run();

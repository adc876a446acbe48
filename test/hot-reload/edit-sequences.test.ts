import { execFile } from "node:child_process";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { cleanEnvironment } from "../harness/clean-environment.ts";
import { REPOSITORY } from "../harness/executable.ts";
import { pythons } from "../harness/python.ts";

// FIRST and EDITS choose the generated programs; with more than the usual few every Python of the machine takes part.
const first = Number(process.env["FIRST"] ?? "0");
const count = Number(process.env["EDITS"] ?? "30");
const USUAL = 30;

interface Outcome {
  readonly edits: number;
  readonly patched: number;
  readonly restarts: Readonly<Record<string, number>>;
  readonly wrong: readonly unknown[];
}

const chosen = process.platform === "win32" ? [] : count > USUAL ? pythons() : pythons().slice(0, 1);
for (const { path: python, version } of chosen)
  test(`${count} generated edit sequences leave Python ${version.join(".")} as a fresh process would be, or ask for one`, async () => {
    const script = path.join(import.meta.dirname, "edit_sequences.py");
    const sources = path.join(REPOSITORY, "plugins", "watch", "python");
    const { stdout } = await promisify(execFile)(python, [script, sources, String(first), String(count)], {
      env: cleanEnvironment({ home: os.tmpdir(), temporary: os.tmpdir() }),
      maxBuffer: 64 * 1024 * 1024,
    });
    const { edits, patched, wrong } = JSON.parse(stdout) as Outcome;
    assert.equal(wrong, []);
    assert.ok(patched > edits / 5, `${patched} of ${edits} were patched`);
  });

test.run();

import { execFile } from "node:child_process";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { cleanEnvironment } from "../harness/clean-environment.ts";
import { REPOSITORY } from "../harness/executable.ts";
import { pythons } from "../harness/python.ts";

// FIRST and FILES choose what is edited; with more than the usual few every Python of the machine takes part.
const first = Number(process.env["FIRST"] ?? "0");
const count = Number(process.env["FILES"] ?? "40");
const USUAL = 40;

interface Outcome {
  readonly edits: number;
  readonly pieces: number;
  readonly wrong: readonly unknown[];
}

const chosen = process.platform === "win32" ? [] : count > USUAL ? pythons() : pythons().slice(0, 1);
for (const { path: python, version } of chosen)
  test(`what Python ${version.join(".")} compiles of an edit in pieces is what the whole file makes`, async () => {
    const script = path.join(import.meta.dirname, "edited_files.py");
    const sources = path.join(REPOSITORY, "plugins", "watch", "python");
    const { stdout } = await promisify(execFile)(python, [script, sources, String(first), String(count)], {
      env: cleanEnvironment({ home: os.tmpdir(), temporary: os.tmpdir() }),
      maxBuffer: 64 * 1024 * 1024,
    });
    const { edits, pieces, wrong } = JSON.parse(stdout) as Outcome;
    assert.equal(wrong, []);
    assert.ok(pieces > edits / 5, `${pieces} of ${edits} were compiled in pieces`);
  });

test.run();

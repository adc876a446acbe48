import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Lock } from "../model/lock.ts";
import { encodeLock } from "./encode.ts";
import { readLock } from "./read.ts";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pybun-read-"));
const file = path.join(folder, "pybun.lockb");
test.after(() => fs.rmSync(folder, { recursive: true }));

const lockOf = (requiresPython: string): Lock => ({ requiresPython, forks: [], packages: [], roots: [], meta: {} });
const write = (requiresPython: string): void =>
  fs.writeFileSync(file, encodeLock(lockOf(requiresPython), { path: file }));
const read = (indexes: Readonly<Record<string, string>> = {}) => readLock(file, { indexes })?.lock();

test("a lock is decoded once while it is the same, and what was written since is read", () => {
  write(">=3.9");
  const first = read();
  assert.is(first?.requiresPython, ">=3.9");
  assert.is(read(), first);
  for (let minor = 10; minor < 20; minor++) {
    write(`>=3.${minor}`);
    assert.is(read()?.requiresPython, `>=3.${minor}`);
  }
  write(">=3.9");
  assert.equal(read(), first);
  fs.rmSync(file);
  assert.is(read(), undefined);
});

test("the same bytes say something else elsewhere, and where indexes are reached at other places", () => {
  write(">=3.9");
  const first = read();
  assert.is.not(read({ main: "https://mirror.example/simple/" }), first);
  const other = path.join(folder, "other.lockb");
  fs.copyFileSync(file, other);
  assert.is.not(readLock(other, { indexes: {} })?.lock(), first);
});

test.run();

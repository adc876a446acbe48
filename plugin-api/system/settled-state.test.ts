import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { keptByState, settledContent, settledState } from "./settled-state.ts";

const root = fs.mkdtempSync(path.join(os.tmpdir(), "settled-state-"));
test.after(() => fs.rmSync(root, { recursive: true }));
const file = path.join(root, "file");
const real = Date.now;
test.after.each(() => {
  Date.now = real;
});
const later = (ms: number): void => {
  Date.now = () => real() + ms;
};

/** Until a change gets another time than what was done before. */
function waitForTick(): void {
  const probe = path.join(root, "probe");
  const time = (): bigint => {
    fs.writeFileSync(probe, "");
    return fs.statSync(probe, { bigint: true }).ctimeNs;
  };
  const before = time();
  while (time() === before);
}

test("what was changed just now, or is not there, has no state", () => {
  fs.writeFileSync(file, "one");
  assert.is(settledState(file), undefined);
  later(5000);
  assert.type(settledState(file), "string");
  assert.is(settledState(path.join(root, "none")), undefined);
});

test("a file is read again when it was changed, also to something of the same size and time", () => {
  let reads = 0;
  const textOf = keptByState(2, (each) => {
    reads++;
    return fs.readFileSync(each, "utf8");
  });
  fs.writeFileSync(file, "one");
  textOf(file);
  textOf(file);
  assert.is(reads, 2, "changed just now");
  later(5000);
  textOf(file);
  assert.is(textOf(file), "one");
  assert.is(reads, 3);
  waitForTick();
  const { atime, mtime } = fs.statSync(file);
  fs.writeFileSync(file, "two");
  fs.utimesSync(file, atime, mtime);
  assert.is(textOf(file), "two");
  fs.writeFileSync(`${file}.new`, "six");
  fs.renameSync(`${file}.new`, file);
  assert.is(textOf(file), "six");
});

test("another name for a file is no change of its content", () => {
  fs.writeFileSync(file, "one");
  later(5000);
  const [state, content] = [settledState(file), settledContent(file)];
  waitForTick();
  fs.linkSync(file, `${file}.link`);
  assert.is(settledContent(file), content);
  assert.is.not(settledState(file), state);
  fs.appendFileSync(file, "more");
  assert.is.not(settledContent(file), content);
});

test("no more files are kept than was said", () => {
  const reads: string[] = [];
  const nameOf = keptByState(2, (each) => reads.push(path.basename(each)));
  const files = ["a", "b", "c"].map((name) => path.join(root, name));
  for (const each of files) fs.writeFileSync(each, "");
  later(5000);
  for (const each of [...files, ...files]) nameOf(each);
  assert.is(reads.length, 6, "each was forgotten before it was asked for again");
  nameOf(files[2] as string);
  assert.is(reads.length, 6);
});

test("what can't be read is told each time", () => {
  const textOf = keptByState(2, (each) => fs.readFileSync(each, "utf8"));
  for (let count = 0; count < 2; count++) assert.throws(() => textOf(path.join(root, "none")), /ENOENT/);
});

test.run();

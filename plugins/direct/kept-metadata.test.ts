import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { makeWheel } from "../../test/harness/wheel.ts";
import { keepMetadata } from "./kept-metadata.ts";

let folder = "";
test.before.each(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "kept-metadata-"));
});
test.after.each(() => fs.rmSync(folder, { recursive: true }));

const { signal } = new AbortController();
const NAME = "a-1-py3-none-any.whl";
const wheel = (requires: string): Uint8Array => makeWheel({ name: "a", version: "1", requires: [requires] }).bytes;
const namesIn = (keeper: ReturnType<typeof keepMetadata>, file: string): string =>
  keeper
    .ofWheel(file)
    .dependencies.requirements("")
    .map(({ name }) => name)
    .join();

test("a wheel is opened once, and again when it has changed in any way", async () => {
  const file = path.join(folder, NAME);
  const data = path.join(folder, "data");
  fs.writeFileSync(file, wheel("b"));
  const first = keepMetadata(data);
  const said = first.ofWheel(file);
  assert.equal([said.name, said.version], ["a", "1"]);
  await first.save(signal);
  const { atime, mtime } = fs.statSync(file);
  const second = keepMetadata(data);
  assert.is(namesIn(second, file), "b");
  fs.writeFileSync(file, wheel("c"));
  fs.utimesSync(file, atime, mtime);
  assert.is(namesIn(keepMetadata(data), file), "c");
});

test("what is kept is what was read, without opening the file", async () => {
  const file = path.join(folder, NAME);
  const data = path.join(folder, "data");
  fs.writeFileSync(file, wheel("b"));
  const first = keepMetadata(data);
  first.ofWheel(file);
  first[Symbol.dispose]();
  const opened: string[] = [];
  const { openSync } = fs;
  fs.openSync = (...call: Parameters<typeof openSync>) => {
    opened.push(String(call[0]));
    return openSync(...call);
  };
  try {
    assert.is(namesIn(keepMetadata(data), file), "b");
  } finally {
    fs.openSync = openSync;
  }
  assert.equal(
    opened.filter((name) => name === file),
    [],
  );
});

test.run();

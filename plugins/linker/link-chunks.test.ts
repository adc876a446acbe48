import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { catchUp, stay } from "../../plugin-api/system/afterwards.ts";
import { until } from "../../test/harness/until.ts";
import { chunksOf, linkChunks, type Sharing } from "./link-chunks.ts";
import { linkPairs, makeFolders, makeLinks } from "./native.ts";

const COUNT = 3000;
const LETTERS = "a-name-that-is-as-long-as-they-are-in-packages";
const names = Array.from({ length: COUNT }, (_, at) => `below/größe-${at}-${LETTERS}.py`);
const files = names.map((name) => `${name}\n`).join("");

let folder = "";
const at = (name: string): string => path.join(folder, name);
test.before.each(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "chunks-"));
  for (const name of ["from", "from/below", "to"]) fs.mkdirSync(at(name));
  for (const name of names) fs.writeFileSync(at(`from/${name}`), "");
  assert.ok(makeFolders("below\n", at("to")));
});
test.after.each(() => fs.rmSync(folder, { recursive: true }));

const chunks = (text = files) => chunksOf(text, { source: at("from"), target: at("to") });
const linked = (): readonly string[] => fs.readdirSync(at("to/below")).map((name) => `below/${name}`);
const isAll = (): void => assert.equal([...linked()].sort(), [...names].sort());

test("chunks are some hundred names, and all of them", () => {
  const all = chunks();
  assert.ok(all.length > 5 && all.length < 50, `${all.length} chunks`);
  assert.is(all.map((chunk) => chunk.names).join(""), files);
  assert.equal(chunks(""), []);
});

test("all chunks are linked, with a helper and without", async () => {
  assert.ok(linkChunks(chunks()));
  isAll();
  assert.is(fs.statSync(at(`to/${names[0]}`)).nlink, 2);
  stay();
  await catchUp();
  for (const name of names) fs.rmSync(at(`to/${name}`));
  assert.ok(linkChunks(chunks()), "beside a helper");
  isAll();
});

test("a name that can't be linked is told, and nothing is done after that", () => {
  assert.not(linkChunks(chunks(`below/absent\n${files}`)));
  const before = linked();
  assert.ok(before.length < COUNT);
  assert.not(linkChunks([{ source: at("absent"), target: at("to"), names: "a\n" }]), "the folder, too");
  assert.equal(linked(), before);
});

test("the helper alone links all", async () => {
  const sharing: Sharing = { chunks: chunks(), state: new Int32Array(new SharedArrayBuffer(12)) };
  const thread = new Worker(new URL("./link-thread.ts", import.meta.url).href);
  try {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin
    thread.postMessage(sharing);
    await until(() => (sharing.state[0] ?? 0) > sharing.chunks.length && sharing.state[1] === 0, "all are linked");
    isAll();
  } finally {
    thread.terminate();
  }
});

test("pairs stay together in their chunks", () => {
  const text = names.map((name, at) => `${name}\nbelow/other-${at}\n`).join("");
  const pairs = chunksOf(text, { source: at("from"), target: at("to"), isPairs: true });
  assert.ok(pairs.length > 10);
  assert.is(pairs.map((chunk) => chunk.names).join(""), text);
  assert.ok(linkChunks(pairs));
  assert.is(fs.statSync(at(`to/below/other-${COUNT - 1}`)).ino, fs.statSync(at(`from/${names[COUNT - 1]}`)).ino);
  assert.is(linked().length, COUNT);
  assert.not(linkPairs(`${names[0]}\nbelow/other-0\n`, { source: at("from"), target: at("to") }), "it is there");
});

test("what else there is to do is done, and when it fails nothing goes on behind it", async () => {
  let isDone = false;
  assert.ok(linkChunks(chunks(), () => (isDone = true)));
  assert.ok(isDone);
  const fail = (): void => {
    throw new Error("no room");
  };
  for (const name of names) fs.rmSync(at(`to/${name}`));
  assert.throws(() => linkChunks(chunks(), fail), /no room/);
  const before = linked().length;
  stay();
  await catchUp();
  assert.is(linked().length, before);
});

test("symbolic links say what they are told to", () => {
  assert.ok(makeLinks("/some/größe\nbelow/link\n../up\nup\n", at("to")));
  assert.equal(
    ["below/link", "up"].map((name) => fs.readlinkSync(at(`to/${name}`))),
    ["/some/größe", "../up"],
  );
  assert.not(makeLinks("/some\nup\n", at("to")), "it is there");
  assert.not(makeFolders("absent/below\n", at("to")));
});

test.run();

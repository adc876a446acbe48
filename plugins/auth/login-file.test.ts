import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { changeLogins, readLogins } from "./login-file.ts";

const test = suite<{ folder: string }>("file of logins");
test.before.each((context) => {
  context.folder = fs.mkdtempSync(path.join(os.tmpdir(), "logins-"));
});
test.after.each(({ folder }) => fs.rmSync(folder, { recursive: true }));

const A = { url: "https://a.example/", username: "me", password: "one" };
const B = { url: "https://b.example/", username: "me" };
const place = (folder: string) => ({
  file: path.join(folder, "deep", "credentials.json"),
  platform: "linux",
  signal: new AbortController().signal,
});

test("what is written is read, sorted, and only its owner's to read", async ({ folder }) => {
  const { file, ...rest } = place(folder);
  assert.equal(readLogins(file, "linux"), { rows: [] });
  await changeLogins({ file, ...rest }, () => [B, A]);
  assert.equal(readLogins(file, "linux"), { rows: [A, B] });
  assert.is(fs.statSync(file).mode & 0o777, 0o600);
  assert.is(fs.statSync(path.dirname(file)).mode & 0o777, 0o700);
  assert.equal(fs.readdirSync(path.dirname(file)), ["credentials.json"]);
});

test("changes at the same time are all kept", async ({ folder }) => {
  const at = place(folder);
  const row = (i: number) => ({ url: `https://${i}.example/`, username: "me" });
  await Promise.all(Array.from({ length: 5 }, (_, i) => changeLogins(at, (rows) => [...rows, row(i)])));
  assert.is(readLogins(at.file, "linux").rows.length, 5);
});

test("a file with passwords that others can read says so; a change makes it private", async ({ folder }) => {
  const at = place(folder);
  await changeLogins(at, () => [A]);
  fs.chmodSync(at.file, 0o640);
  assert.is(readLogins(at.file, "linux").fault, "shared");
  assert.is(readLogins(at.file, "win32").fault, undefined);
  await changeLogins(at, (rows) => [...rows, B]);
  assert.equal(readLogins(at.file, "linux"), { rows: [A, B] });
});

test("without a password in it, others may read it", async ({ folder }) => {
  const at = place(folder);
  await changeLogins(at, () => [B]);
  fs.chmodSync(at.file, 0o644);
  assert.equal(readLogins(at.file, "linux"), { rows: [B] });
});

for (const text of ["", "{", "[]", '{"version":2,"logins":[]}', '{"version":1,"logins":[{"url":1}]}', '{"version":1}'])
  test(`damaged: ${text}`, ({ folder }) => {
    const file = path.join(folder, "x.json");
    fs.writeFileSync(file, text, { mode: 0o600 });
    assert.equal(readLogins(file, "linux"), { rows: [], fault: "damaged" });
  });

test.run();

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { childEnvironment } from "./child-environment.ts";
import { blockOf, callText, readStamp, type Stamp, stampFile } from "./run-stamp.ts";
import { stateLine } from "./state.ts";

const home = fs.mkdtempSync(path.join(os.tmpdir(), "stamp-"));
test.after(() => fs.rmSync(home, { recursive: true }));
const env = { HOME: home };
const watched = path.join(home, "pyproject.toml");

function write(change: Partial<Stamp> = {}): string {
  const call = callText({}, "/somewhere", env);
  const file = stampFile(call, env) as string;
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const files = [stateLine(watched)];
  const stamp: Stamp = { call, python: "/p", environment: "/e", block: "", files, folders: [], ...change };
  fs.writeFileSync(file, JSON.stringify(stamp));
  return call;
}

test("a stamp holds while nothing it names has changed, appeared or gone", async () => {
  const call = write();
  assert.is((await readStamp(call, env))?.python, "/p");
  fs.writeFileSync(watched, "[project]\n");
  assert.is(await readStamp(call, env), undefined);
  write();
  assert.is((await readStamp(call, env))?.python, "/p");
  fs.writeFileSync(watched, "[project] # longer\n");
  assert.is(await readStamp(call, env), undefined);
  fs.rmSync(watched);
  assert.is(await readStamp(call, env), undefined);
});

test("an unchanged folder vouches for what was not in it, a changed one does not", async () => {
  const folder = fs.mkdtempSync(path.join(home, "folder-"));
  const mark = path.join(folder, ".python-version");
  const settle = () => fs.utimesSync(folder, 1_000, 1_000);
  settle();
  const call = write({ folders: [{ line: stateLine(folder), marks: [stateLine(mark)] }] });
  const isHeld = async () => (await readStamp(call, env)) !== undefined;
  assert.is(await isHeld(), true);
  fs.writeFileSync(path.join(folder, "other"), "");
  assert.is(await isHeld(), true, "the folder changed, the marks did not");
  fs.writeFileSync(mark, "3.9\n");
  assert.is(await isHeld(), false);
  settle();
  assert.is(await isHeld(), true, "the folder as it was is believed");
  write({ folders: [{ line: "", marks: [stateLine(mark)] }] });
  assert.is(await isHeld(), true);
  fs.rmSync(mark);
  assert.is(await isHeld(), false, "a folder without a line vouches for nothing");
});

test("another call, a torn stamp or an old one is no stamp", async () => {
  const call = write({ call: "another" });
  assert.is(await readStamp(call, env), undefined);
  const file = stampFile(write(), env) as string;
  fs.truncateSync(file, 20);
  assert.is(await readStamp(call, env), undefined);
  write();
  fs.utimesSync(file, 1, 1);
  assert.is(await readStamp(call, env), undefined);
});

test("a variable that may decide makes another call; one that may not does not", () => {
  const plain = callText({}, "/x", env);
  assert.is.not(callText({}, "/x", { ...env, PYBUN_PYTHON: "3.9" }), plain);
  assert.is.not(callText({}, "/x", { ...env, VIRTUAL_ENV: "/v" }), plain);
  assert.is.not(callText({ python: "3.9" }, "/x", env), plain);
  assert.is.not(callText({ words: ["run", "flask"] }, "/x", env), plain);
  assert.is(callText({}, "/x", { ...env, EDITOR: "vi" }), plain);
});

test("the block is all comment lines around what looks like its opening", () => {
  const block = "# /// script\n# dependencies = []\n# ///\n# more\n# ///\n";
  assert.is(blockOf(`x = 1\n${block}\nprint(x)\n`), block);
  assert.is(blockOf("# /// script\n# dependencies = []"), "# /// script\n# dependencies = []");
  assert.is(blockOf("print(1)\n# a\n"), "");
  assert.is(blockOf(`#!/usr/bin/python\n${block}`), `#!/usr/bin/python\n${block}`);
  // What is opened in a text, and never closed, is not the block.
  assert.is(blockOf(`"""\n# /// script\n"""\n# a\n\n${block}`), `# /// script\n\n${block}`);
  assert.is(blockOf(`x = "\u2028# /// script\n# x"\n\n${block}`), block);
  assert.is(blockOf(`x = 1\r${block}`), block);
});

test("a child gets the environment first on PATH and nothing of the runtime", () => {
  const made = childEnvironment(
    { PATH: "/bin", BUN_OPTIONS: "--x", PYTHONHOME: "/h", KEEP: "1" },
    { path: "/e", python: "/e/bin/python" },
    { ADDED: "2" },
  );
  assert.equal(made, { PATH: `/e/bin${path.delimiter}/bin`, KEEP: "1", ADDED: "2", VIRTUAL_ENV: "/e" });
});

test("the machine's own Python changes no variable", () => {
  assert.equal(childEnvironment({ PATH: "/bin" }, { path: "/usr", python: "/opt/python/bin/python3" }), {
    PATH: "/bin",
  });
});

test.run();

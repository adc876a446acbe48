import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { killEverywhere } from "../../test/harness/killed-run.ts";
import { PybunError } from "../error.ts";
import { digestOf } from "./journal.ts";
import type { ChangedFile } from "./project-change.ts";
import { commitScript, recoverScript } from "./script-change.ts";

const { signal } = new AbortController();
let dir = "";
test.before.each(() => {
  dir = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "script-change-")));
});
test.after.each(() => fs.rmSync(dir, { recursive: true, force: true }));

const NAMES = ["tool.py", "tool.py.lockb"];
const at = (name: string): string => path.join(dir, "scripts", name);
const state = (): string => NAMES.map((name) => fs.readFileSync(at(name), "utf8")).join(" ");
const changed = (name: string): ChangedFile => ({ file: at(name), content: "new", was: digestOf(at(name)) });

function makeOld(): void {
  fs.rmSync(at(""), { recursive: true, force: true });
  fs.mkdirSync(at(""));
  for (const name of NAMES) fs.writeFileSync(at(name), "old", { mode: 0o755 });
}

test("a script and its lock, killed anywhere: both old or both new after recovery, and nothing is left over", async () => {
  const seen = new Set<string>();
  const module = (name: string): string => JSON.stringify(path.join(import.meta.dirname, name));
  const text = `
    import { digestOf } from ${module("journal.ts")};
    import { commitScript } from ${module("script-change.ts")};
    const changed = (file) => ({ file, content: "new", was: digestOf(file) });
    const files = ${JSON.stringify(NAMES.map(at))}.map(changed);
    killBeforeChange(Number(process.argv[2]));
    await commitScript(files, new AbortController().signal);`;
  const kills = await killEverywhere(
    { folder: dir, text },
    {
      before: makeOld,
      after: async (n) => {
        await recoverScript(at("tool.py"), signal);
        seen.add(state());
        assert.ok(["old old", "new new"].includes(state()), `${state()} after kill ${n}`);
        assert.equal(fs.readdirSync(at("")).sort(), NAMES, `left over after kill ${n}`);
      },
    },
  );
  assert.ok(kills > 8, `${kills} kills`);
  assert.equal([...seen].sort(), ["new new", "old old"]);
});

test("modes stay, and a link keeps leading to the script", async () => {
  makeOld();
  fs.symlinkSync(at("tool.py"), path.join(dir, "link.py"));
  await commitScript(NAMES.map(changed), signal);
  await recoverScript(path.join(dir, "link.py"), signal);
  assert.is(state(), "new new");
  assert.is(fs.statSync(at("tool.py")).mode & 0o777, 0o755);
  assert.equal(fs.readdirSync(at("")).sort(), NAMES);
});

test("what somebody else wrote meanwhile is kept, and nothing is changed", async () => {
  for (const name of NAMES) {
    makeOld();
    const files = NAMES.map(changed);
    fs.writeFileSync(at(name), "theirs");
    const error = await commitScript(files, signal).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof PybunError && error.code === "E_PROJECT_CHANGED", String(error));
    assert.is(state().replace("theirs", "old"), "old old");
    assert.equal(fs.readdirSync(at("")).sort(), NAMES);
  }
});

test.run();

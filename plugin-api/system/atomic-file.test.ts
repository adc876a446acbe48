import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { writeAtomically } from "./atomic-file.ts";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "atomic-"));
const file = path.join(folder, "value.json");
test.before.each(() =>
  fs.readdirSync(folder).forEach((name) => fs.rmSync(path.join(folder, name), { recursive: true })),
);
test.after(() => fs.rmSync(folder, { recursive: true }));

/** Name of the temporary file that a process leaves when it is killed in the middle of writing. */
function killedInTheMiddle(): string {
  const program = `
import fs from "node:fs";
fs.renameSync = () => process.kill(process.pid, "SIGKILL");
const { writeAtomically } = await import(${JSON.stringify(path.join(import.meta.dirname, "atomic-file.ts"))});
writeAtomically(${JSON.stringify(file)}, "half");
`;
  const script = path.join(os.tmpdir(), `killed-${process.pid}.ts`);
  fs.writeFileSync(script, program);
  spawnSync(process.execPath, [script]);
  fs.rmSync(script);
  const [left = ""] = fs.readdirSync(folder).filter((name) => name.endsWith(".tmp"));
  return left;
}

test("replaces the whole file, with the mode asked for, and leaves nothing beside it", () => {
  writeAtomically(file, "one", { mode: 0o600 });
  writeAtomically(file, Buffer.from("two"), { isDurable: true });
  assert.is(fs.readFileSync(file, "utf8"), "two");
  assert.equal(fs.readdirSync(folder), ["value.json"]);
});

test("a write that fails leaves the old content and nothing beside it", () => {
  fs.mkdirSync(path.join(folder, "full", "value.json"), { recursive: true });
  assert.throws(() => writeAtomically(path.join(folder, "full", "value.json"), "text"));
  assert.equal(fs.readdirSync(path.join(folder, "full")), ["value.json"]);
});

test("an error names the file that was to be written, not the temporary one beside it", () => {
  const taken = path.join(folder, "taken");
  fs.mkdirSync(taken);
  for (const [target, why] of [
    [taken, "renaming"],
    [path.join(folder, "value.json", "below"), "making"],
  ] as const) {
    fs.writeFileSync(file, "");
    try {
      writeAtomically(target, "text");
      assert.unreachable();
    } catch (error) {
      assert.is((error as NodeJS.ErrnoException).path, target, why);
    }
  }
});

test("what a killed writer of the same file left goes with the next write", () => {
  const left = killedInTheMiddle();
  assert.match(left, /^\.value\.json\..*\.tmp$/);
  writeAtomically(path.join(folder, "other.json"), "another file's writer does not care");
  assert.ok(fs.existsSync(path.join(folder, left)));
  writeAtomically(file, "whole");
  assert.equal(fs.readdirSync(folder).sort(), ["other.json", "value.json"]);
});

test("a temporary file of a living process, or of another machine, stays", () => {
  const left = killedInTheMiddle();
  const [, place, pid, random] = /^\.value\.json\.([^-]+)-(\d+)-([0-9a-f]+)\.tmp$/.exec(left) ?? [];
  const living = left.replace(`-${pid}-`, `-${process.ppid}-`);
  const elsewhere = `.value.json.00000000-${pid}-${random}.tmp`;
  for (const name of [living, elsewhere]) fs.writeFileSync(path.join(folder, name), "");
  writeAtomically(file, "whole");
  assert.equal(fs.readdirSync(folder).sort(), [elsewhere, living, "value.json"].sort(), place);
});

test.run();

import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ownIdentity } from "./process-identity.ts";
import { clearLeftovers, temporaryFolder } from "./temporary-folder.ts";

const test = suite<{ tmp: string }>("temporary folder");
test.before.each((context) => {
  context.tmp = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "temporary-")), "tmp");
});
test.after.each(({ tmp }) => fs.rmSync(path.dirname(tmp), { recursive: true }));

test("is made on first use, once, and goes when told", ({ tmp }) => {
  const folder = temporaryFolder(tmp);
  assert.not.ok(fs.existsSync(tmp));
  assert.is(folder.path(), folder.path());
  fs.mkdirSync(path.join(folder.path(), "work"));
  folder.remove();
  assert.equal(fs.readdirSync(tmp), []);
});

test("goes when its process ends, unless it is killed; then the next one removes it", ({ tmp }) => {
  const script = path.join(path.dirname(tmp), "script.ts");
  fs.writeFileSync(
    script,
    `import { clearLeftovers, temporaryFolder } from ${JSON.stringify(path.join(import.meta.dirname, "temporary-folder.ts"))};
    temporaryFolder(${JSON.stringify(tmp)}).path();
    if (process.argv[2] === "kill") process.kill(process.pid, "SIGKILL");`,
  );
  spawnSync(process.execPath, [script]);
  assert.equal(fs.readdirSync(tmp), []);
  spawnSync(process.execPath, [script, "kill"]);
  const [left = ""] = fs.readdirSync(tmp);
  assert.ok(left.startsWith("run-"));
  clearLeftovers(tmp);
  assert.equal(fs.readdirSync(tmp), []);
});

test("leaves alone what a living process owns, and what nobody owns for a day", ({ tmp }) => {
  const make = (name: string, owner?: object, hoursAgo = 0): void => {
    fs.mkdirSync(path.join(tmp, name), { recursive: true });
    if (owner !== undefined) fs.writeFileSync(path.join(tmp, name, "owner.json"), JSON.stringify(owner));
    const time = new Date(Date.now() - hoursAgo * 3_600_000);
    fs.utimesSync(path.join(tmp, name), time, time);
  };
  const elsewhere = { ...ownIdentity(), host: "elsewhere", boot: "another" };
  make("living", ownIdentity(), 100);
  make("young", undefined, 23);
  make("young-elsewhere", elsewhere, 23);
  make("old", undefined, 25);
  make("old-elsewhere", elsewhere, 25);
  make("old-broken", { pid: "x" }, 25);
  make("ended", { ...ownIdentity(), started: "1" });
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  make(`run-${pid}-born-dead`);
  make(`run-${pid}-cut-off`);
  fs.writeFileSync(path.join(tmp, `run-${pid}-cut-off`, "owner.json"), '{"pid":');
  make(`run-${pid}-without-power`);
  fs.writeFileSync(path.join(tmp, `run-${pid}-without-power`, "owner.json"), "");
  fs.mkdirSync(path.join(tmp, `run-${pid}-without-power`, "wheel-1"));
  make(`run-${process.pid}-being-born`);
  clearLeftovers(tmp);
  assert.equal(fs.readdirSync(tmp).sort(), ["living", `run-${process.pid}-being-born`, "young", "young-elsewhere"]);
});

test("clears nothing where there is nothing", ({ tmp }) => {
  clearLeftovers(tmp);
  assert.not.ok(fs.existsSync(tmp));
});

test.run();

import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Writable } from "node:stream";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { PybunError } from "../error.ts";
import { commandName, type LockHolder, withLock } from "./lock-file.ts";
import { lifeOf, ownIdentity } from "./process-identity.ts";

const CHILD = path.join(import.meta.dirname, "lock-file.child.ts");
let dir = "";
let file = "";
test.before.each(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), "lock-file-"));
  file = path.join(dir, "sub", "venv.lock");
});
test.after.each(() => fs.rmSync(dir, { recursive: true, force: true }));

const leave = (holder: Partial<LockHolder & { token: string }>, name = file): void => {
  fs.mkdirSync(path.dirname(name), { recursive: true });
  const stamp = { ...ownIdentity(), command: "pybun sync", sinceMs: Date.now() - 125_000, token: "left", ...holder };
  fs.writeFileSync(name, JSON.stringify(stamp));
};
const child = (...args: string[]) => spawn(process.execPath, [CHILD, ...args], { stdio: "inherit" });
const ended = (process: ReturnType<typeof child>): Promise<number | string> =>
  new Promise((resolve) => process.on("exit", (code, signal) => resolve(code ?? signal ?? 0)));
const endedPid = (): number => spawnSync(process.execPath, ["--version"]).pid;
const countInChildren = (role: string, rounds: number): Promise<(number | string)[]> => {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(`${file}.count`, "0");
  return Promise.all(Array.from({ length: 4 }, () => ended(child(role, file, String(rounds)))));
};
const failure = async (promise: Promise<unknown>): Promise<PybunError> => {
  const error = await promise.then(
    () => assert.unreachable("expected a failure"),
    (error: unknown) => error,
  );
  assert.instance(error, PybunError);
  return error as PybunError;
};

const onLinux = (name: string, body: () => Promise<void>): void =>
  process.platform === "linux" ? test(name, body) : test.skip(name, body);

test("the file exists while the function runs, names its holder, and is gone afterwards", async () => {
  const result = await withLock(file, {}, () => JSON.parse(fs.readFileSync(file, "utf8")) as LockHolder);
  assert.is(result.pid, process.pid);
  assert.is(lifeOf(result), "running");
  assert.equal(fs.readdirSync(path.dirname(file)), []);
});

test("a failing function releases the lock", async () => {
  const error = await withLock(file, {}, () => Promise.reject(new Error("inside"))).catch((error: Error) => error);
  assert.is(error.message, "inside");
  assert.not.ok(fs.existsSync(file));
});

test("calls within one process wait for each other", async () => {
  const order: string[] = [];
  const enter = (name: string) =>
    withLock(file, {}, async () => {
      order.push(`${name} in`);
      await new Promise((resolve) => setImmediate(resolve));
      order.push(`${name} out`);
    });
  await Promise.all([enter("a"), enter("b"), enter("c")]);
  for (let at = 0; at < order.length; at += 2) assert.is(order[at]?.split(" ")[0], order[at + 1]?.split(" ")[0]);
  assert.is(order.length, 6);
});

test("processes exclude each other", async () => {
  const codes = await countInChildren("count", 20);
  assert.equal(codes, [0, 0, 0, 0]);
  assert.is(fs.readFileSync(`${file}.count`, "utf8"), "80");
  assert.equal(fs.readdirSync(path.dirname(file)), ["venv.lock.count"]);
});

onLinux("of many who see one stale lock exactly one takes it", async () => {
  leave({ pid: endedPid() });
  const codes = await countInChildren("count-stale", 60);
  assert.equal(codes, [0, 0, 0, 0]);
  assert.is(fs.readFileSync(`${file}.count`, "utf8"), "240");
});

test("the lock of a killed process is taken over at once", async () => {
  assert.is(await ended(child("crash", file)), "SIGKILL");
  assert.ok(fs.existsSync(file));
  await withLock(file, { timeoutMs: 0 }, () => {});
  assert.not.ok(fs.existsSync(file));
});

onLinux("a pid that now belongs to another process does not hold the lock", async () => {
  leave({ started: "1" });
  await withLock(file, { timeoutMs: 0 }, () => {});
});

onLinux("a holder from before the last boot is gone, even if its pid is in use", async () => {
  leave({ boot: "00000000-0000-0000-0000-000000000000" });
  await withLock(file, { timeoutMs: 0 }, () => {});
});

onLinux("a zombie has ended", async () => {
  // The shell turns into a program that reaps nobody, and only then its child is let go.
  const parent = spawn("sh", ["-c", "sh -c 'read line' <&3 & echo $!; exec sleep 60"], {
    stdio: ["ignore", "pipe", "ignore", "pipe"],
  });
  const pid = Number(await new Promise((resolve) => parent.stdout?.once("data", (data) => resolve(String(data)))));
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  while (fs.readFileSync(`/proc/${parent.pid}/comm`, "utf8").trim() !== "sleep") await turn();
  (parent.stdio[3] as Writable).end();
  while (/\) (\S) /.exec(fs.readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1] !== "Z") await turn();
  const started = fs.readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ")[19] ?? "";
  assert.is(lifeOf({ ...ownIdentity(), pid, started }), "ended");
  parent.kill("SIGKILL");
  await new Promise((resolve) => parent.on("exit", resolve));
});

test("a taker that crashed while taking over is itself taken over", async () => {
  const pid = endedPid();
  leave({ pid });
  leave({ pid }, `${file}.takeover`);
  await withLock(file, { timeoutMs: 0 }, () => {});
  assert.equal(fs.readdirSync(path.dirname(file)), []);
});

test("a live holder makes the others give up in time, with its command and pid", async () => {
  leave({});
  const waits: unknown[] = [];
  const error = await failure(
    withLock(file, { timeoutMs: 30, onWait: (holder) => waits.push(holder?.command) }, () => {}),
  );
  assert.is(error.code, "E_LOCK_BUSY");
  assert.match(
    error.message,
    new RegExp(`^\`pybun sync\` \\(pid ${process.pid}\\) has held this environment for 2m 05s$`),
  );
  assert.is(error.detail.context?.["pid"], process.pid);
  assert.equal(waits, ["pybun sync"]);
  assert.ok(fs.existsSync(file), "the holder's lock stays");
});

test("a holder on another machine counts as alive until it has been silent for its lease", async () => {
  const elsewhere = { host: "elsewhere", boot: "another", pid: endedPid() };
  leave(elsewhere);
  assert.is(lifeOf({ ...ownIdentity(), ...elsewhere }), "unknown");
  assert.is((await failure(withLock(file, { timeoutMs: 20, leaseMs: 60_000 }, () => {}))).code, "E_LOCK_BUSY");
  await withLock(file, { timeoutMs: 60_000, leaseMs: 20 }, () => {});
  assert.not.ok(fs.existsSync(file));
});

test("a file without a readable holder, as a crash while making it leaves, is given the lease too", async () => {
  fs.mkdirSync(path.dirname(file));
  fs.writeFileSync(file, "");
  const error = await failure(withLock(file, { timeoutMs: 0, subject: "the store" }, () => {}));
  assert.is(error.message, "another process has held the store");
  await withLock(file, { leaseMs: 0 }, () => {});
});

test("a lock that was taken over is not removed by its former holder", async () => {
  await withLock(file, {}, () => leave({ token: "someone else" }));
  assert.ok(fs.existsSync(file));
});

test("an aborted signal ends the waiting with its reason", async () => {
  leave({});
  const controller = new AbortController();
  const waiting = withLock(file, { signal: controller.signal, onWait: () => controller.abort("stop") }, () => {});
  assert.is(await waiting.catch((reason: unknown) => reason), "stop");
});

test("the command is named by its first word only, never by a value", () => {
  assert.is(commandName(["bun", "pybun", "sync", "--index-url", "secret"]), "pybun sync");
  assert.is(commandName(["bun", "pybun", "--index-url", "secret", "sync"]), "pybun");
  assert.is(commandName(["bun", "pybun", "token=secret"]), "pybun");
  assert.is(commandName(["bun", "pybun"]), "pybun");
});

test.run();

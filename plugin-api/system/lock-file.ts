import fs from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { PybunError } from "../error.ts";
import { randomName } from "../hash/native.ts";
import { formatDuration } from "../text/units.ts";
import { lifeOf, ownIdentity, type ProcessIdentity } from "./process-identity.ts";
import { writeAll } from "./write-all.ts";

/** Who holds a lock, as its file says. */
export interface LockHolder extends ProcessIdentity {
  /** Such as `pybun sync`. */
  readonly command: string;
  /** Milliseconds since the epoch. */
  readonly sinceMs: number;
}

export interface LockOptions {
  /** How long to wait for another holder before `E_LOCK_BUSY`; default 60,000. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Told once, when waiting begins; for a `Waiting` event. */
  readonly onWait?: (holder: LockHolder | undefined) => void;
  /** What is locked, in the words of the message; default `this environment`. */
  readonly subject?: string;
  /**
   * A holder that can't be seen from here (another machine or container) is taken for gone when it gave no sign of life
   * for this long; default 40,000. Holders that can be seen are never judged by time.
   */
  readonly leaseMs?: number;
}

const TIMEOUT_MS = 60_000;
const LEASE_MS = 40_000;
/** Making the file and filling it are one breath; who is stopped in between finds out afterwards (see `create`). */
const UNFILLED_MS = 1_000;
const SIGN_OF_LIFE_MS = 5_000;

/**
 * Runs `fn` while this process alone holds the lock file `file`, whose folder is made. The file says who holds it, so that a
 * crashed holder is recognized (pid, process start, boot) and its lock taken over, by exactly one of those who wait. Calls
 * within one process exclude each other too: don't nest them. Throws `E_LOCK_BUSY` when time is up, and the signal's
 * reason when aborted.
 */
export async function withLock<T>(file: string, options: LockOptions, fn: () => T | Promise<T>): Promise<T> {
  const token = await acquire(file, options);
  const heart = setInterval(() => giveSign(file), SIGN_OF_LIFE_MS).unref();
  try {
    return await fn();
  } finally {
    clearInterval(heart);
    release(file, token);
  }
}

/**
 * Waits, without letting anything else run, until nobody holds the lock file: for locks that are held for moments. One stat
 * where nobody does. Gives up after `timeoutMs` (default 60,000), or when the holder is gone.
 */
export function waitForRelease(file: string, timeoutMs = TIMEOUT_MS): void {
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  const endMs = performance.now() + timeoutMs;
  while (fs.existsSync(file) && performance.now() < endMs) {
    const holder = look(file)?.holder;
    if (holder !== undefined && lifeOf(holder) === "ended") return;
    Atomics.wait(sleeper, 0, 0, 5);
  }
}

/** Content of a lock file. `token` tells one taking of the lock from the next. */
type Stamp = LockHolder & { readonly token: string };
interface Seen {
  /** Absent while it is being written, or when it is not ours to read. */
  readonly holder: Stamp | undefined;
  /** Changes with the holder and with each sign of life. */
  readonly sign: string;
}

async function acquire(file: string, options: LockOptions): Promise<string> {
  const startMs = performance.now();
  let watched = { sign: "", sinceMs: startMs };
  for (let attempt = 0; ; attempt++) {
    options.signal?.throwIfAborted();
    const token = create(file);
    if (token !== undefined) return token;
    const seen = look(file);
    if (seen === undefined) continue;
    const nowMs = performance.now();
    if (seen.sign !== watched.sign) watched = { sign: seen.sign, sinceMs: nowMs };
    if (isGone(seen.holder, nowMs - watched.sinceMs, options)) {
      await discard(file, seen.sign, options);
      continue;
    }
    if (attempt === 0) options.onWait?.(seen.holder);
    if (nowMs - startMs >= (options.timeoutMs ?? TIMEOUT_MS)) throw busy(seen.holder, options);
    await pause(Math.min(10 + 5 * attempt, 100));
  }
}

/** The token when the lock is ours now. */
function create(file: string): string | undefined {
  let fd: number;
  try {
    fd = openNew(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return undefined;
    throw error;
  }
  const stamp: Stamp = {
    ...ownIdentity(),
    command: commandName(process.argv),
    sinceMs: Date.now(),
    token: randomName(8),
  };
  try {
    writeAll(fd, Buffer.from(JSON.stringify(stamp)), { file });
  } catch (error) {
    fs.rmSync(file, { force: true });
    throw error;
  } finally {
    fs.closeSync(fd);
  }
  // Stopped for long between making the file and filling it, this process may have been taken for gone.
  return look(file)?.holder?.token === stamp.token ? stamp.token : undefined;
}

function openNew(file: string): number {
  try {
    return fs.openSync(file, "wx", 0o644);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    fs.mkdirSync(path.dirname(file), { recursive: true });
    return fs.openSync(file, "wx", 0o644);
  }
}

function look(file: string): Seen | undefined {
  try {
    const text = fs.readFileSync(file, "utf8");
    return { holder: readStamp(text), sign: `${text} ${fs.statSync(file).mtimeMs}` };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function readStamp(text: string): Stamp | undefined {
  try {
    const stamp = JSON.parse(text) as Partial<Stamp> | null;
    return typeof stamp?.pid === "number" && typeof stamp.token === "string" ? (stamp as Stamp) : undefined;
  } catch {
    return undefined;
  }
}

function isGone(holder: Stamp | undefined, silentMs: number, options: LockOptions): boolean {
  const leaseMs = options.leaseMs ?? LEASE_MS;
  if (holder === undefined) return silentMs >= Math.min(leaseMs, UNFILLED_MS);
  const life = lifeOf(holder);
  return life === "ended" || (life === "unknown" && silentMs >= leaseMs);
}

/**
 * Removes the lock of one who is gone. Two who saw the same stale file must not both remove "it": the second would remove
 * the first one's new lock. So removing needs a lock of its own, under which the file is looked at again; should its holder
 * crash too, the same rule holds one level higher.
 */
async function discard(file: string, sign: string, options: LockOptions): Promise<void> {
  const { onWait: _, ...quiet } = options;
  await withLock(`${file}.takeover`, quiet, () => {
    if (look(file)?.sign === sign) fs.rmSync(file, { force: true });
  });
}

function release(file: string, token: string): void {
  if (look(file)?.holder?.token === token) fs.rmSync(file, { force: true });
}

function giveSign(file: string): void {
  try {
    fs.utimesSync(file, new Date(), new Date());
  } catch {}
}

/** `pybun` and the command, which has to stand first: a word further on may be the value of an option, and secret. */
export function commandName(argv: readonly string[]): string {
  const first = argv[2];
  return first !== undefined && /^[a-z][a-z-]*$/.test(first) ? `pybun ${first}` : "pybun";
}

function busy(holder: Stamp | undefined, { subject = "this environment" }: LockOptions): PybunError {
  const who = holder ? `\`${holder.command}\` (pid ${holder.pid})` : "another process";
  const since = holder ? ` for ${formatDuration(Math.max(0, Date.now() - holder.sinceMs))}` : "";
  const isHere = holder !== undefined && lifeOf(holder) === "running";
  return new PybunError("E_LOCK_BUSY", `${who} has held ${subject}${since}`, {
    hints: isHere ? [`wait for it, or end it: \`kill ${holder.pid}\``] : [],
    context: holder ? { command: holder.command, pid: holder.pid, host: holder.host, since_ms: holder.sinceMs } : {},
    isRetryable: true,
  });
}

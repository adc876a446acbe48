import { spawn } from "node:child_process";
import fs from "node:fs";

/** Makes what was written so far survive a loss of power. Calls that come in short succession share one sync. */
export type GroupSync = () => Promise<void>;

/** Longer than this nobody waits: the disk is busy with somebody else's gigabytes. */
const PATIENCE_MS = 10_000;
/** So long others are waited for that are still at work: a sync is a process, which costs this one a millisecond. */
const GATHER_MS = 250;

/**
 * Syncs the file system of `folder` in groups. An entry becomes visible by a rename, and a rename may reach the disk before
 * the content does, so the content must be synced first. An fsync for each of a wheel's files would take seconds (12,000
 * files: one journal commit each); `syncfs` writes them out together, and the wheels unpacked meanwhile gather for the next: a
 * hundred wheels need a dozen, most of them beside the unpacking of others. `isMoreToCome`: whether somebody is still at work who
 * will call as well.
 *
 * Linux only. Elsewhere entries are not synced: macOS's fsync promises nothing about power either, and its file systems
 * and NTFS order a rename after the data it shows.
 */
export function groupSync(
  folder: string,
  isMoreToCome: () => boolean,
  start: (folder: string) => Promise<void> = syncFileSystem,
): GroupSync {
  let isRunning = false;
  let next: Gathering | undefined;
  const go = (): void => {
    if (isRunning || next === undefined) return;
    const { resolve, reject, timer } = next;
    next = undefined;
    clearTimeout(timer);
    isRunning = true;
    const end = (settle: () => void): void => {
      isRunning = false;
      settle();
      if (next?.isDue || !isMoreToCome()) go();
    };
    start(folder).then(
      () => end(resolve),
      (error: unknown) => end(() => reject(error)),
    );
  };
  return () => {
    next ??= gathering(go);
    const { promise } = next;
    if (!isMoreToCome()) go();
    return promise;
  };
}

/** Calls that wait for the sync that comes next. */
interface Gathering extends PromiseWithResolvers<void> {
  /** They have waited long enough for others. */
  isDue: boolean;
  readonly timer: NodeJS.Timeout;
}

function gathering(go: () => void): Gathering {
  const timer = setTimeout(() => {
    calls.isDue = true;
    go();
  }, GATHER_MS);
  const calls: Gathering = { ...Promise.withResolvers<void>(), isDue: false, timer };
  return calls;
}

const TMPFS = 0x01021994;

/** What loses everything with the power has nothing to be synced to. */
function isInMemory(folder: string): boolean {
  try {
    return fs.statfsSync(folder).type === TMPFS;
  } catch {
    return false;
  }
}

/** `sync -f` is `syncfs` (coreutils, busybox). Where it is missing or fails there is nothing better to do than to go on. */
function syncFileSystem(folder: string): Promise<void> {
  if (process.platform !== "linux" || isInMemory(folder)) return Promise.resolve();
  return new Promise((resolve) => {
    const child = spawn("sync", ["-f", folder], { stdio: "ignore" });
    const timer = setTimeout(resolve, PATIENCE_MS).unref();
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    child.on("exit", done).on("error", done);
  });
}

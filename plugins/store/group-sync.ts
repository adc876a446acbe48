import { spawn } from "node:child_process";

/** Makes what was written so far survive a loss of power. Calls that wait at the same time share one sync. */
export type GroupSync = () => Promise<void>;

/** Longer than this nobody waits: the disk is busy with somebody else's gigabytes. */
const PATIENCE_MS = 10_000;

/**
 * Syncs the file system of `folder` in groups. An entry becomes visible by a rename, and a rename may reach the disk before
 * the content does, so the content must be synced first. An fsync for each of a wheel's files would take seconds (12,000
 * files: one journal commit each); `syncfs` writes them out together, and while one sync runs, the wheels unpacked
 * meanwhile gather for the next: a hundred wheels need a dozen, most of them beside the unpacking of others.
 *
 * Linux only. Elsewhere entries are not synced: macOS's fsync promises nothing about power either, and its file systems
 * and NTFS order a rename after the data it shows.
 */
export function groupSync(folder: string, start: (folder: string) => Promise<void> = syncFileSystem): GroupSync {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const run = (): Promise<void> => {
    next = undefined;
    running = start(folder).finally(() => {
      running = undefined;
    });
    return running;
  };
  return () => {
    if (next !== undefined) return next;
    if (running === undefined) return run();
    next = running.then(run, run);
    return next;
  };
}

/** `sync -f` is `syncfs` (coreutils, busybox). Where it is missing or fails there is nothing better to do than to go on. */
function syncFileSystem(folder: string): Promise<void> {
  if (process.platform !== "linux") return Promise.resolve();
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

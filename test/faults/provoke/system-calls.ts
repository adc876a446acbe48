import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

/** Names of system calls, as `system-calls.c` knows them. */
export type Calls = readonly string[];

const names = (text: string): Calls => text.trim().split(/\s+/);
/** All that change what is on the disk; opening counts where it makes or empties a file. */
export const CHANGING = names(`
  open openat creat mkdir mkdirat rename renameat renameat2 link linkat symlink symlinkat unlink unlinkat rmdir truncate ftruncate
  fallocate chmod fchmod fchmodat chown fchown fchownat utime utimes utimensat futimesat write pwrite64 writev pwritev copy_file_range sendfile
  fsync fdatasync syncfs`);
/** Of these, those that need room. */
export const FILLING = names(`
  open openat creat mkdir mkdirat link linkat symlink symlinkat fallocate write pwrite64 writev pwritev copy_file_range sendfile`);
export const RENAMING = names("rename renameat renameat2");
export const SYNCING = names("fsync fdatasync syncfs");
export const LINKING = names("link linkat");
export const READING = names("read pread64 readv");

/** What is done at a call. */
export type Action =
  | "none"
  | "kill"
  | "power"
  | "power-after"
  | `signal=${number}`
  | `error=${number}`
  | `delay=${number}`
  | `run=${string}`
  | `run-kill=${string}`;

export interface Provoked {
  /** Only calls that change something below it count. */
  readonly root: string;
  readonly calls: Calls;
  readonly action: Action;
  /** The first call that it is done at, from 1. */
  readonly at: number;
  /** The last one; default all that follow. */
  readonly until?: number;
  /** File that becomes the report; see `readReport`. */
  readonly report: string;
}

const NEVER = 1_000_000_000;

/** Words to put in front of a command. */
export function behind(program: string, { root, calls, action, at, until, report }: Provoked): readonly string[] {
  return [program, root, calls.join(","), action, String(at), String(until ?? NEVER), report];
}

/** How many calls there were, and the first that something was done at; empty when there was none. */
export function readReport(file: string): { readonly count: number; readonly first: string } {
  const [count, ...rest] = fs.readFileSync(file, "utf8").trim().split(" ");
  return { count: Number(count), first: rest.join(" ") };
}

const UNAVAILABLE = 125;
let built: { readonly program: string } | { readonly reason: string } | undefined;

/** The program, compiled once for this process, or why it can't be had here. */
export function callProgram(): { readonly program: string } | { readonly reason: string } {
  built ??= build();
  return built;
}

function build(): { readonly program: string } | { readonly reason: string } {
  if (process.platform !== "linux") return { reason: "only Linux hands over system calls" };
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "system-calls-"));
  process.once("exit", () => fs.rmSync(folder, { recursive: true, force: true }));
  const program = path.join(folder, "system-calls");
  const source = path.join(import.meta.dirname, "system-calls.c");
  const compiled = spawnSync("cc", ["-O1", "-o", program, source], { encoding: "utf8" });
  if (compiled.error) return { reason: "there is no C compiler" };
  if (compiled.status !== 0)
    return { reason: `system-calls.c does not compile here: ${compiled.stderr.slice(0, 300)}` };
  const words = behind(program, {
    root: folder,
    calls: ["mkdir", "mkdirat"],
    action: "error=5",
    at: 1,
    report: `${program}.txt`,
  });
  const { status } = spawnSync(words[0] as string, [...words.slice(1), "/bin/mkdir", path.join(folder, "x")]);
  const isWorking = status !== UNAVAILABLE && readReport(`${program}.txt`).count === 1;
  return isWorking ? { program } : { reason: "the kernel does not hand over system calls (seccomp)" };
}

import fs from "node:fs";
import os from "node:os";

/** Names one process for good: its number alone is given to others later. Plain data, to be written into a lock file. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start in clock ticks since boot (Linux); absent where the system does not tell cheaply. */
  readonly started?: string;
  /** Changes with every boot (Linux). */
  readonly boot?: string;
  /** Where the number counts: a container has numbers of its own (Linux). */
  readonly pidSpace?: string;
  readonly host: string;
}

let own: ProcessIdentity | undefined;

/** The identity of this process. */
export function ownIdentity(): ProcessIdentity {
  own ??= Object.freeze({ pid: process.pid, host: os.hostname(), ...linuxFacts() });
  return own;
}

function linuxFacts(): Pick<ProcessIdentity, "started" | "boot" | "pidSpace"> {
  const started = startOf(process.pid)?.started;
  const boot = contentOf("/proc/sys/kernel/random/boot_id")?.trim();
  let pidSpace: string | undefined;
  try {
    pidSpace = fs.readlinkSync("/proc/self/ns/pid");
  } catch {}
  return { ...(started && { started }), ...(boot && { boot }), ...(pidSpace && { pidSpace }) };
}

/**
 * Whether the process still runs. `unknown` when this process can't see it: it is on another machine that shares the
 * folder, or in another container. A zombie has ended, and so has everything from before the machine's last start.
 */
export function lifeOf(process: ProcessIdentity): "running" | "ended" | "unknown" {
  const here = ownIdentity();
  if (process.boot !== here.boot) return process.host === here.host ? "ended" : "unknown";
  if (process.boot === undefined && process.host !== here.host) return "unknown";
  if (process.pidSpace !== here.pidSpace) return "unknown";
  if (!answersSignals(process.pid)) return "ended";
  const now = startOf(process.pid);
  if (now === undefined || process.started === undefined) return "running";
  return now.isZombie || now.started !== process.started ? "ended" : "running";
}

/** Whether a process of this number exists here, whoever's it is. */
export function answersSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * When a process started, in clock ticks since boot, and whether it is a zombie; undefined when it has ended, and where the system has
 * no /proc. Fields 22 and 3 of `/proc/PID/stat`; the second field may hold blanks and parentheses, so count from its end.
 */
export function startOf(pid: number): { readonly started: string; readonly isZombie: boolean } | undefined {
  const stat = contentOf(`/proc/${pid}/stat`);
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  const started = fields?.[19];
  if (fields === undefined || started === undefined) return undefined;
  return { started, isZombie: fields[0] === "Z" || fields[0] === "X" };
}

function contentOf(file: string): string | undefined {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

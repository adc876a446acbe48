import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

/** A process as it was seen; the time of its start tells it from a later one of the same number. */
export interface Process {
  readonly pid: number;
  readonly started: string;
  /** Session (Linux) it belongs to; `undefined` where the system does not tell. */
  readonly session: string | undefined;
  /** Name of the file it runs. */
  readonly executable: string;
}

/** All that descend from a process, which is not among them. */
export function descendants(pid: number): readonly Process[] {
  const found: Process[] = [];
  const childrenOf = process.platform === "linux" ? childrenOnLinux : childrenByPs();
  const left = [pid];
  for (let next = left.pop(); next !== undefined; next = left.pop())
    for (const child of childrenOf(next)) {
      found.push(child);
      left.push(child.pid);
    }
  return found;
}

/** One process; `undefined` when it has ended or waits to be forgotten. */
export function processOf(pid: number): Process | undefined {
  if (process.platform === "linux") return onLinux(pid);
  return table().find((each) => each.pid === pid);
}

export const isAlive = ({ pid, started }: Process): boolean => processOf(pid)?.started === started;

/** Nothing where it has ended meanwhile. */
export function signalTo(target: Process, signal: "SIGTERM" | "SIGKILL"): void {
  if (!isAlive(target)) return;
  try {
    process.kill(target.pid, signal);
  } catch {
    // Ended between the look and the signal, or somebody else's by now.
  }
}

const isPython = ({ executable }: Process): boolean => /^(?:python|pypy)/i.test(executable);

/** A Python below this one that holds code of its own: what is changed here is not changed there. */
export function pythonBelow(pid: number): Process | undefined {
  return descendants(pid).find((each) => isPython(each) && !isResourceTracker(each.pid));
}

/** multiprocessing's own helper, which runs none of the program's code. */
function isResourceTracker(pid: number): boolean {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, "latin1").includes("multiprocessing.resource_tracker");
  } catch {
    return false;
  }
}

function childrenOnLinux(pid: number): readonly Process[] {
  const pids = readFolder(`/proc/${pid}/task`).flatMap((task) => {
    const text = readText(`/proc/${pid}/task/${task}/children`) ?? "";
    return text.split(" ").filter((word) => word !== "");
  });
  return pids.flatMap((word) => onLinux(Number(word)) ?? []);
}

/** Fields of proc_pid_stat(5); the name in brackets may hold anything. */
function onLinux(pid: number): Process | undefined {
  const text = readText(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  if (fields[0] === "Z" || fields[0] === "X") return undefined;
  return { pid, started: fields[19] ?? "", session: fields[3], executable: executableOf(pid) };
}

function executableOf(pid: number): string {
  try {
    return path.basename(fs.readlinkSync(`/proc/${pid}/exe`));
  } catch {
    return "";
  }
}

function childrenByPs(): (pid: number) => readonly Process[] {
  const all = table();
  return (pid) => all.filter(({ parent }) => parent === pid);
}

function table(): readonly (Process & { readonly parent: number })[] {
  if (process.platform === "win32") return [];
  const text = execFileSync("ps", ["-A", "-o", "pid=,ppid=,stat=,lstart=,comm="], { encoding: "utf8" });
  return text.split("\n").flatMap((line) => {
    const [, pid, parent, state = "", started = "", command = ""] =
      /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\w+\s+\w+\s+\d+\s+\S+\s+\d+)\s+(.*)$/.exec(line) ?? [];
    if (pid === undefined || state.startsWith("Z")) return [];
    const executable = path.basename(command);
    return [{ pid: Number(pid), parent: Number(parent), started, session: undefined, executable }];
  });
}

function readText(file: string): string | undefined {
  try {
    return fs.readFileSync(file, "latin1");
  } catch {
    return undefined;
  }
}

function readFolder(folder: string): readonly string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

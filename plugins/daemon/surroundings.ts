import fs from "node:fs";

/** Lines of `/proc/PID/status` that must be equal: what a process may do, where it may run. */
const STATUS = /^(?:Uid|Gid|Groups|Cap\w+|NoNewPrivs|Seccomp|Cpus_allowed|Mems_allowed):.*$/gm;
const NAMESPACES = ["cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"];
/** Fields of `/proc/PID/stat` behind the name: nice value, real-time priority, scheduling policy. */
const SCHEDULING = [16, 37, 38];

/** What a process has that neither words, variables nor descriptors carry, and what commands and their children depend on. */
export interface Surroundings {
  readonly umask: number;
  /** Parts by name; equal for processes that see and may do the same. */
  readonly parts: ReadonlyMap<string, string>;
}

/** Of a process of this machine. Throws where it has ended or belongs to somebody else. Linux only. */
export function surroundingsOf(pid: number | "self"): Surroundings {
  const read = (name: string): string => fs.readFileSync(`/proc/${pid}/${name}`, "latin1");
  const status = read("status");
  const stat = read("stat");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const parts = new Map([
    ["identity or rights", (status.match(STATUS) ?? []).join("\n")],
    ["scheduling", SCHEDULING.map((at) => fields[at]).join(" ")],
    // The runtime raises the limit of open files for itself.
    ["resource limits", read("limits").replace(/^Max open files.*$/m, "")],
    ["control group", read("cgroup") + read("oom_score_adj")],
    ["namespaces", NAMESPACES.map((name) => linkOf(`/proc/${pid}/ns/${name}`)).join(" ")],
    ["root folder", linkOf(`/proc/${pid}/root`)],
  ]);
  return { umask: Number.parseInt(/^Umask:\s*(\d+)$/m.exec(status)?.[1] ?? "022", 8), parts };
}

/** What of one is different from the other; undefined when nothing is. */
export const differenceOf = (a: Surroundings, b: Surroundings): string | undefined =>
  [...a.parts].find(([name, text]) => b.parts.get(name) !== text)?.[0];

function linkOf(file: string): string {
  try {
    return fs.readlinkSync(file);
  } catch {
    return "";
  }
}

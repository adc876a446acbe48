import fs from "node:fs";
import path from "node:path";

/** Beside each socket. */
export const STATE = ".state";
export const STARTED = ".started";
export const LOG = ".log";

/** A daemon that runs. */
export interface Daemon {
  readonly pid: number;
  /** Session of its terminal; null for the one that serves what has no terminal. */
  readonly terminal: number | null;
  readonly startedMs: number;
  readonly lastUsedMs: number;
  /** Commands that it has run. */
  readonly served: number;
  /** Resident memory. */
  readonly bytes: number;
}

/** The daemons below a data directory, used last first. */
export function runningDaemons(dataDir: string): readonly Daemon[] {
  const root = path.join(dataDir, "daemon");
  const folders = fs.existsSync(root) ? fs.readdirSync(root).map((name) => path.join(root, name)) : [];
  const files = folders.flatMap((folder) => fs.readdirSync(folder).map((name) => path.join(folder, name)));
  return files
    .filter((file) => file.endsWith(STATE))
    .flatMap((file) => daemonAt(file.slice(0, -STATE.length)) ?? [])
    .sort((a, b) => b.lastUsedMs - a.lastUsedMs);
}

/** The one of a socket, working or waiting; undefined where none runs. */
export function daemonAt(socket: string): Daemon | undefined {
  const file = socket + STATE;
  try {
    const [pid, started, served] = fs.readFileSync(file, "utf8").split("\n").map(Number) as [number, number, number];
    // Its number may belong to another process by now.
    if (!fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").includes(socket)) return undefined;
    const name = path.basename(socket);
    const memory = /^VmRSS:\s*(\d+) kB$/m.exec(fs.readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return {
      pid,
      terminal: name === "detached" ? null : Number(name),
      startedMs: started,
      lastUsedMs: fs.statSync(file).mtimeMs,
      served,
      bytes: Number(memory ?? 0) * 1024,
    };
  } catch {
    return undefined; // none, or it has just ended
  }
}

/** Asks a daemon to end, which it does when the command is done that it runs. */
export function endDaemon({ pid }: Daemon): void {
  try {
    process.kill(pid, "SIGTERM");
  } catch {
    // It has just ended.
  }
}

/** As data of the commands. */
export const describe = (daemon: Daemon) => ({
  pid: daemon.pid,
  terminal: daemon.terminal,
  started: new Date(daemon.startedMs).toISOString(),
  last_used: new Date(daemon.lastUsedMs).toISOString(),
  served: daemon.served,
  bytes: daemon.bytes,
});

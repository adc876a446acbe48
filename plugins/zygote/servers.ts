import fs from "node:fs";
import path from "node:path";

/** A fork server that runs. */
export interface Server {
  readonly pid: number;
  readonly python: string;
  readonly environment: string;
  /** Session of its terminal; null for the one that serves what has no terminal. */
  readonly terminal: number | null;
  readonly startedMs: number;
  readonly lastUsedMs: number;
  readonly modules: number;
  readonly served: number;
  readonly running: number;
  readonly bytes: number;
}

const ENDING = ".state";

/** The servers below a data directory, used last first. */
export function runningServers(dataDir: string): readonly Server[] {
  const root = path.join(dataDir, "zygote");
  const folders = fs.existsSync(root) ? fs.readdirSync(root).map((name) => path.join(root, name)) : [];
  const files = folders.flatMap((folder) => fs.readdirSync(folder).map((name) => path.join(folder, name)));
  return files
    .filter((file) => file.endsWith(ENDING))
    .flatMap((file) => serverOf(file) ?? [])
    .sort((a, b) => b.lastUsedMs - a.lastUsedMs);
}

function serverOf(file: string): Server | undefined {
  try {
    const [pid, python = "", environment = "", started, modules, served, running] = fs
      .readFileSync(file, "utf8")
      .split("\n");
    const socket = file.slice(0, -ENDING.length);
    if (!isServer(Number(pid), socket)) return undefined;
    const name = path.basename(socket);
    return {
      pid: Number(pid),
      python,
      environment,
      terminal: name === "detached" ? null : Number(name),
      startedMs: Number(started) * 1000,
      lastUsedMs: fs.statSync(file).mtimeMs,
      modules: Number(modules),
      served: Number(served),
      running: Number(running),
      bytes: residentBytes(Number(pid)),
    };
  } catch {
    return undefined; // it has just ended
  }
}

/** Its number may belong to another process by now. */
const isServer = (pid: number, socket: string): boolean =>
  fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").includes(socket);

function residentBytes(pid: number): number {
  const kib = /^VmRSS:\s*(\d+) kB$/m.exec(fs.readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kib ?? 0) * 1024;
}

/** Asks a server to end. It does so when the last program that it runs has ended. */
export function endServer({ pid }: Server): void {
  try {
    process.kill(pid, "SIGTERM");
  } catch {
    // It has just ended.
  }
}

/** As data of the commands. */
export const describe = (server: Server) => ({
  pid: server.pid,
  python: server.python,
  environment: server.environment,
  terminal: server.terminal,
  started: new Date(server.startedMs).toISOString(),
  last_used: new Date(server.lastUsedMs).toISOString(),
  modules: server.modules,
  served: server.served,
  running: server.running,
  bytes: server.bytes,
});

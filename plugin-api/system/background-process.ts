import fs from "node:fs";
import path from "node:path";

/** A process that waits to be asked at a socket. What it says of itself lies beside that. */
export interface BackgroundProcess {
  readonly pid: number;
  /** Session of the terminal it is for; null for what has none. */
  readonly terminal: number | null;
  readonly lastUsedMs: number;
  /** Resident memory. */
  readonly bytes: number;
  /** What else stands in its state, line by line. */
  readonly more: readonly string[];
}

/** Files beside a socket, by their endings: lines of which the first is the process id; empty, made when one is started; what it says. */
export const BESIDE = { state: ".state", started: ".started", log: ".log" } as const;

/** One that could not start is not tried again for this long. */
const PAUSE_MS = 60_000;

/** Those whose sockets lie in folders of a folder, used last first. */
export function backgroundBelow(root: string): readonly BackgroundProcess[] {
  const folders = fs.existsSync(root) ? fs.readdirSync(root).map((name) => path.join(root, name)) : [];
  const files = folders.flatMap((folder) => fs.readdirSync(folder).map((name) => path.join(folder, name)));
  return files
    .filter((file) => file.endsWith(BESIDE.state))
    .flatMap((file) => backgroundAt(file.slice(0, -BESIDE.state.length)) ?? [])
    .sort((a, b) => b.lastUsedMs - a.lastUsedMs);
}

/** The one of a socket, working or waiting; undefined where none runs. */
export function backgroundAt(socket: string): BackgroundProcess | undefined {
  const file = socket + BESIDE.state;
  try {
    const [first, ...more] = fs.readFileSync(file, "utf8").split("\n");
    const pid = Number(first);
    // Its number may belong to another process by now.
    if (!fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").includes(socket)) return undefined;
    const kib = /^VmRSS:\s*(\d+) kB$/m.exec(fs.readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    const name = path.basename(socket);
    const terminal = name === "detached" ? null : Number(name);
    return { pid, terminal, lastUsedMs: fs.statSync(file).mtimeMs, bytes: Number(kib ?? 0) * 1024, more };
  } catch {
    return undefined; // none, or it has just ended
  }
}

/** Asks one to end, which it does when what it runs has ended. */
export function endBackground({ pid }: Pick<BackgroundProcess, "pid">): void {
  try {
    process.kill(pid, "SIGTERM");
  } catch {
    // It has just ended.
  }
}

/**
 * Makes room for one more at a socket, `most` in all of its kind, and notes that it is being started. False where it was tried
 * a short while ago. Throws what the system says.
 */
export function prepareBackground(socket: string, most: number): boolean {
  const mark = socket + BESIDE.started;
  const before = fs.statSync(mark, { throwIfNoEntry: false });
  if (before && Date.now() - before.mtimeMs < PAUSE_MS) return false;
  const folder = path.dirname(socket);
  for (const oldest of backgroundBelow(path.dirname(folder)).slice(most - 1)) endBackground(oldest);
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  fs.writeFileSync(mark, "");
  return true;
}

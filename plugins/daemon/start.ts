import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { ownCommand } from "../../plugin-api/system/own-command.ts";
import { daemonAt, endDaemon, LOG, runningDaemons, STARTED } from "./daemons.ts";

/** First word of the command line of a daemon; the socket is the second. */
export const SERVE = "__daemon";

/** One that could not start is not tried again for this long. */
const PAUSE_MS = 60_000;
/** One more ends the one that was used least recently. */
const MOST_DAEMONS = 4;

/** Starts a daemon in the background, for the next command; whether it succeeds, that one will see. Never throws. */
export function startDaemon(socket: string, env: Readonly<Record<string, string | undefined>>): void {
  try {
    start(socket, env);
  } catch {
    // It is a gain, not a need: a full disk, say, is told of by what needs it.
  }
}

function start(socket: string, env: Readonly<Record<string, string | undefined>>): void {
  if (daemonAt(socket)) return; // it works for somebody just now
  const mark = socket + STARTED;
  const before = fs.statSync(mark, { throwIfNoEntry: false });
  if (before && Date.now() - before.mtimeMs < PAUSE_MS) return;
  const folder = path.dirname(socket);
  for (const daemon of runningDaemons(path.dirname(path.dirname(folder))).slice(MOST_DAEMONS - 1)) endDaemon(daemon);
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  fs.writeFileSync(mark, "");
  const log = fs.openSync(socket + LOG, "w", 0o600);
  // A session of its own: no terminal can stop it, and none waits for it.
  const stdio = ["ignore", log, log] as const;
  const [program, ...own] = ownCommand();
  spawn(program, [...own, SERVE, socket], { cwd: "/", env: { ...env }, stdio: [...stdio], detached: true }).unref();
  fs.closeSync(log);
}

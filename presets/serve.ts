import fs from "node:fs";
import path from "node:path";
import { assemble } from "../kernel/assemble.ts";
import { compileEagerly } from "../plugin-api/jit/native.ts";
import { lineage, members } from "../plugin-api/preset.ts";
import { catchUp, leave, stay } from "../plugin-api/system/afterwards.ts";
import { BESIDE, backgroundAt } from "../plugin-api/system/background-process.ts";
import { answersSignals, startOf } from "../plugin-api/system/process-identity.ts";
import { collectGarbage, listenAt } from "../plugins/daemon/native.ts";
import { surroundingsOf } from "../plugins/daemon/surroundings.ts";
import type { Parts } from "./launch.ts";
import { type Serving, serveCall } from "./serve-call.ts";

const IDLE_MS = 600_000;
/** Between looks at whether it is still wanted. */
const STEP_MS = 2_000;
/** Who has not typed another command in this time is not about to. */
const REST_MS = 10_000;
/** What a long resolution may leave in memory; beyond that a new process is cheaper than this one. */
const MOST_BYTES = 768 * 1024 * 1024;

/**
 * Runs commands for other processes, one at a time, until nobody wants any more. It stands at its socket only while it waits:
 * who comes meanwhile runs the command himself. It goes on only after what has succeeded; after all else a new process is
 * surer.
 */
export async function serve(socket: string, parts: Parts): Promise<void> {
  const { presets, preset, notes, ready, renewals, served } = parts;
  const stand = standAt(socket);
  if (stand === undefined) process.exit(0);
  compileEagerly();
  const serving: Serving = {
    presets: await presets(),
    preset,
    answers: [notes, renewals],
    ready,
    served,
    socketName: path.basename(socket),
    own: surroundingsOf("self"),
  };
  await loadAhead(serving);
  stay();
  const idleMs = Number(process.env["PYBUN_DAEMON_IDLE"]) * 1000 || IDLE_MS;
  let isRested = false;
  const ending = new AbortController();
  process.on("SIGTERM", () => ending.abort());
  for (let usedMs = Date.now(); !ending.signal.aborted && Date.now() - usedMs < idleMs && stand.isWanted(); ) {
    const caller = stand.listener.next(STEP_MS);
    if (caller === undefined) {
      if (!isRested && Date.now() - usedMs > REST_MS) {
        collectGarbage();
        isRested = true;
      }
      await new Promise(setImmediate); // what still came of the last command
      continue;
    }
    stand.leave();
    const outcome = await serveCall(caller, serving);
    usedMs = Date.now();
    isRested = false;
    const isSound = outcome !== "failed" && process.memoryUsage.rss() < MOST_BYTES;
    if (!isSound || !stand.comeBack(outcome === "ran")) break;
    await catchUp();
  }
  await leave();
  stand.end();
  process.exit(0);
}

/** So that the first command finds what it needs loaded. */
async function loadAhead({ presets, preset, served }: Serving): Promise<void> {
  const { commands, stages, services } = assemble(members(lineage(presets, preset)));
  const loads = [
    ...[...commands].flatMap(([name, { command }]) => (served.has(name.split(" ")[0] ?? "") ? [command.load] : [])),
    ...[...stages.values()].flat().flatMap(({ taps }) => Object.values(taps).map(({ load }) => load)),
    ...[...services.values()].map(({ provide }) => provide.load),
  ];
  await Promise.allSettled(loads.map((load) => load()));
}

/** A daemon's place: the socket, and beside it what tells others of it. */
function standAt(socket: string) {
  const aside = `${socket}.${process.pid}`;
  fs.mkdirSync(path.dirname(socket), { recursive: true, mode: 0o700 });
  removeLeftovers(socket);
  // By its name alone: a whole path can be longer than the system takes.
  process.chdir(path.dirname(socket));
  const listener = listenAt(path.basename(aside));
  process.chdir("/");
  const startedMs = Date.now();
  let count = 0;
  const fresh = `${socket}${BESIDE.state}.${process.pid}`;
  const note = (): void => {
    fs.writeFileSync(fresh, [process.pid, startedMs, count].join("\n"));
    fs.renameSync(fresh, socket + BESIDE.state);
  };
  const leader = /^\d+$/.exec(path.basename(socket))?.[0];
  const leaderStarted = (): string | undefined => leader && startOf(Number(leader))?.started;
  const terminal = leaderStarted();
  const remove = (file: string): void => fs.rmSync(file, { force: true });
  if (listener === undefined || backgroundAt(socket)) {
    remove(aside);
    return undefined;
  }
  const { ino } = fs.statSync(aside);
  const isOwn = (): boolean => fs.statSync(socket, { throwIfNoEntry: false })?.ino === ino;
  note();
  fs.renameSync(aside, socket);
  return {
    listener,
    /** Its socket is there, and so is the terminal's session that it is for. */
    isWanted: () => isOwn() && leaderStarted() === terminal,
    leave: () => {
      if (isOwn()) fs.renameSync(socket, aside);
    },
    /** False where that is not possible any more. */
    comeBack(hasRun: boolean): boolean {
      if (hasRun) count += 1;
      try {
        note();
        fs.renameSync(aside, socket);
        return true;
      } catch {
        return false; // the folder is gone, or the disk full
      }
    },
    end() {
      // Without the mark of its start, the next command may start another at once.
      if (backgroundAt(socket)?.pid === process.pid)
        for (const file of [BESIDE.started, BESIDE.state]) remove(socket + file);
      if (isOwn()) remove(socket);
      remove(aside);
    },
  };
}

/** What daemons had put aside when they were killed. */
function removeLeftovers(socket: string): void {
  const folder = path.dirname(socket);
  for (const name of fs.readdirSync(folder)) {
    const pid = name.startsWith(`${path.basename(socket)}.`) ? /\.(\d+)$/.exec(name)?.[1] : undefined;
    if (pid !== undefined && !answersSignals(Number(pid))) fs.rmSync(path.join(folder, name), { force: true });
  }
}

import { spawn } from "node:child_process";
import fs from "node:fs";
import { SERVE } from "../../plugin-api/launch/daemon/words.ts";
import { BESIDE, backgroundAt, prepareBackground } from "../../plugin-api/system/background-process.ts";
import { ownCommand } from "../../plugin-api/system/own-command.ts";

/** One more ends the one that was used least recently. */
const MOST_DAEMONS = 4;

/**
 * What the runtime has compiled it lets go of when it was not used for a while, and a daemon waits most of its time: the first
 * command after that would take two to four times as long.
 */
const KEEPS_CODE = {
  BUN_JSC_optimizedCodeAgingQuietAllocationMB: "0",
  BUN_JSC_codeBlockAgingLeaseMultiplier: "100000",
};
/**
 * A daemon's commands do most things a few times each, so that after dozens of them most of what they do is still interpreted. Compiled
 * after a few calls, by threads beside it, the same command takes a fifth less; that costs some 25 MiB.
 */
const COMPILES_SOON = {
  BUN_JSC_thresholdForJITAfterWarmUp: "15",
  BUN_JSC_thresholdForJITSoon: "15",
  BUN_JSC_thresholdForOptimizeAfterWarmUp: "100",
  BUN_JSC_thresholdForOptimizeAfterLongWarmUp: "100",
  BUN_JSC_thresholdForOptimizeSoon: "100",
};
/**
 * Memory that is free goes back to the system at once, and the next command has each page of it made anew: a quarter of the processor
 * time of a large resolution. So long it is kept for the next command.
 */
const KEEPS_MEMORY = { MIMALLOC_PURGE_DELAY: "60000" };

/** Starts a daemon in the background, for the next command; whether it succeeds, that one will see. Never throws. */
export function startDaemon(socket: string, env: Readonly<Record<string, string | undefined>>): void {
  try {
    // One that runs works for somebody just now.
    if (!backgroundAt(socket) && prepareBackground(socket, MOST_DAEMONS)) start(socket, env);
  } catch {
    // It is a gain, not a need: a full disk, say, is told of by what needs it.
  }
}

function start(socket: string, env: Readonly<Record<string, string | undefined>>): void {
  const log = fs.openSync(socket + BESIDE.log, "w", 0o600);
  // A session of its own: no terminal can stop it, and none waits for it.
  const stdio = ["ignore", log, log] as const;
  const [program, ...own] = ownCommand();
  const variables = { ...KEEPS_CODE, ...COMPILES_SOON, ...KEEPS_MEMORY, ...env };
  spawn(program, [...own, SERVE, socket], { cwd: "/", env: variables, stdio: [...stdio], detached: true }).unref();
  fs.closeSync(log);
}

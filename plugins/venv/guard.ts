import fs from "node:fs";
import path from "node:path";
import type { Event } from "../../plugin-api/event.ts";
import { sha256Of } from "../../plugin-api/hash/native.ts";
import { finishChange, stagingOf } from "../../plugin-api/system/environment-change.ts";
import { isChanging, recoverMoves } from "../../plugin-api/system/journal.ts";
import { withLock } from "../../plugin-api/system/lock-file.ts";
import { inReach } from "../../plugin-api/system/out-of-reach.ts";
import { isOwn } from "./places.ts";

/** What guarding needs to know. */
export interface Guard {
  readonly dataDir: string;
  readonly signal: AbortSignal;
  readonly emit: (event: Event) => void;
}

/** Runs `change` alone (SPEC LNK-07), after what a killed command left has been completed or removed. */
export function alone<T>(root: string, guard: Guard, change: () => T | Promise<T>): Promise<T> {
  return inReach(root, () => takenTurn(root, guard, change));
}

function takenTurn<T>(root: string, guard: Guard, change: () => T | Promise<T>): Promise<T> {
  const onWait = (holder: { readonly command: string; readonly pid: number } | undefined): void => {
    const who = holder ? `${holder.command} (pid ${holder.pid})` : "another process";
    guard.emit({ type: "Waiting", reason: `for ${who} to release the environment` });
  };
  const options = { signal: guard.signal, onWait };
  const locked = () =>
    withLock(lockFile(root, guard.dataDir), options, async () => {
      for (const staging of Object.values(stagingOf(root))) await recoverMoves(staging, finishChange(staging));
      return change();
    });
  // Whoever made the environment had its lock beside it, and may have been killed with it.
  const beside = besideOf(root);
  return fs.existsSync(beside) && lockFile(root, guard.dataDir) !== beside
    ? withLock(beside, options, locked)
    : locked();
}

const besideOf = (root: string): string => `${root}.lock`;

/** Completes a change that was interrupted after it had begun; before that, what is there is whole. */
export async function complete(root: string, guard: Guard): Promise<void> {
  if (Object.values(stagingOf(root)).some(isChanging)) await alone(root, guard, () => {});
}

/**
 * Own environments are replaced as a whole, so their lock is beside them; others are only changed, and inside them nobody
 * else trips over a file of ours. The folder of an installation gets none at all.
 */
function lockFile(root: string, dataDir: string): string {
  if (isOwn(root, { dataDir }) || !fs.existsSync(root)) return besideOf(root);
  if (fs.existsSync(path.join(root, "pyvenv.cfg"))) return path.join(root, ".pybun.lock");
  const hash = sha256Of(fs.realpathSync(root)).slice(0, 16);
  return path.join(dataDir, "locks", `folder-${hash}.lock`);
}

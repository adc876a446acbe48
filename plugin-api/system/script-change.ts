import fs from "node:fs";
import path from "node:path";
import { commitMoves, type Move, recoverMoves } from "./journal.ts";
import { withLock } from "./lock-file.ts";
import { type ChangedFile, replaceFile, stageFile } from "./project-change.ts";

/** Beside the script: it may lie in any folder, and be named from any other. */
const workOf = (script: string): string => path.join(path.dirname(script), `.${path.basename(script)}.pybun-change`);
const alone = <T>(script: string, signal: AbortSignal, change: () => Promise<T>): Promise<T> =>
  withLock(lockOf(script), { signal, subject: "this script" }, change);
const lockOf = (script: string): string => `${workOf(script)}.lock`;
const finish = (): void => {};

/**
 * Changes a script and its lock together: both are old or both are new once `recoverScript` has run, whenever this is killed. The
 * first of `files`, the script, decides. Throws `E_PROJECT_CHANGED`, `E_LOCK_BUSY` and system errors; nothing is changed then.
 */
export async function commitScript(files: readonly ChangedFile[], signal: AbortSignal): Promise<void> {
  const [script, lock] = files;
  if (script === undefined) return;
  if (lock === undefined) replaceFile(script);
  else await alone(script.file, signal, () => commitBoth(script, lock));
}

async function commitBoth(script: ChangedFile, lock: ChangedFile): Promise<void> {
  const deviceOf = ({ file }: ChangedFile): number => fs.statSync(path.dirname(file)).dev;
  // A link may lead to a script on another disk. A lock that is ahead is made to fit by the next command.
  if (deviceOf(script) !== deviceOf(lock)) {
    replaceFile(lock);
    replaceFile(script);
    return;
  }
  const work = workOf(script.file);
  await recoverMoves(work, finish);
  try {
    fs.mkdirSync(work);
    const moves = [script, lock].map((changed, index) => staged(work, changed, index));
    await commitMoves(work, { moves }, finish);
  } catch (error) {
    if (!fs.existsSync(path.join(work, "journal.json"))) fs.rmSync(work, { recursive: true, force: true });
    throw error;
  }
}

function staged(work: string, { file, content, was }: ChangedFile, index: number): Move {
  const from = String(index);
  stageFile(path.join(work, from), content, file);
  return { from, to: path.relative(path.dirname(work), file), was };
}

/** Completes or removes what a killed command left of a change of a script (absolute). Throws `E_LOCK_BUSY` and system errors. */
export async function recoverScript(script: string, signal: AbortSignal): Promise<void> {
  const file = realOf(script);
  const work = workOf(file);
  if ([work, lockOf(file)].some((each) => fs.existsSync(each)))
    await alone(file, signal, async () => void (await recoverMoves(work, finish)));
}

/** Nothing is beside a script that is not there. */
function realOf(script: string): string {
  try {
    return fs.realpathSync(script);
  } catch {
    return script;
  }
}

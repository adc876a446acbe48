import fs from "node:fs";
import path from "node:path";
import type { Sha256 } from "../model/digest.ts";
import { syncFolder } from "./atomic-file.ts";
import { finishChange } from "./environment-change.ts";
import { commitMoves, type Move, recoverMoves, refuseChanged } from "./journal.ts";
import { withLock } from "./lock-file.ts";
import { markOf } from "./project-mark.ts";
import { naming, writeAll } from "./write-all.ts";

/** A file of a project as it shall be. */
export interface ChangedFile {
  /** Absolute; what a link leads to, not the link. */
  readonly file: string;
  readonly content: string | Uint8Array;
  /** What `digestOf` said of the file when its content was read. */
  readonly was: string;
}

/** Files of a project that take effect together, and with the change of an environment where one takes part. The first decides. */
export interface ProjectChange {
  /** Folder of the project or workspace; absolute. */
  readonly root: string;
  readonly files: readonly ChangedFile[];
  /** Digest of the lock that the environment will be equal to as a whole, for its stamp. */
  readonly lockSha256?: Sha256;
}

const workOf = (root: string): string => path.join(root, ".pybun", "change");
const lockOf = (root: string): string => path.join(root, ".pybun", "change.lock");

/** Content of the mark; paths are relative to the project's folder where they lie in it. */
interface Mark {
  /** The environment in whose journal the change stands; absent where it has a journal of its own. */
  readonly environment?: string;
  /** New files that had to be staged beside their targets, which are on other file systems. */
  readonly beside: readonly string[];
}

/**
 * Runs `change` while nobody else changes the files of the project in this way. Who needs an environment's lock takes that first.
 * Throws `E_LOCK_BUSY`. Not to be nested.
 */
export const aloneInProject = <T>(root: string, signal: AbortSignal, change: () => Promise<T>): Promise<T> =>
  withLock(lockOf(root), { signal, subject: "this project" }, change);

/**
 * Tells of the change in the project, and puts its new files into the folder `staging`, in which the change of `environment` is
 * staged: gives the moves that put them in their places, to stand before all others of the change. Undone by `dropStaged`.
 */
export function stageFiles(staging: string, { root, files }: ProjectChange, environment?: string): readonly Move[] {
  const holder = path.dirname(staging);
  const device = fs.statSync(holder).dev;
  const staged = files.map((changed, index) => {
    const isHere = fs.statSync(path.dirname(changed.file)).dev === device;
    return { ...changed, isHere, from: isHere ? path.join(staging, `file-${index}`) : besideOf(changed.file) };
  });
  writeMark(root, {
    ...(environment !== undefined && { environment: within(root, environment) }),
    beside: staged.flatMap(({ isHere, from }) => (isHere ? [] : [within(root, from)])),
  });
  fs.mkdirSync(staging, { recursive: true });
  for (const { from, content, file } of staged) stageFile(from, content, file);
  return staged.map(({ from, file, was }) => ({
    from: path.relative(staging, from),
    to: path.relative(holder, file),
    was,
  }));
}

/** Made durable with everything else before the journal is written, unless there is a file on another file system. */
function writeMark(root: string, mark: Mark): void {
  fs.mkdirSync(path.dirname(markOf(root)), { recursive: true });
  const file = fs.openSync(markOf(root), "w");
  try {
    writeAll(file, Buffer.from(JSON.stringify(mark)), { file: markOf(root) });
    if (mark.beside.length > 0) fs.fsyncSync(file);
  } finally {
    fs.closeSync(file);
  }
  if (mark.beside.length > 0) syncFolder(path.dirname(markOf(root)));
}

/** What the note of an environment's change says of the mark, so that it goes when the change is complete. */
export const markNote = (staging: string, root: string): { readonly mark: string } => ({
  mark: path.relative(path.dirname(staging), markOf(root)),
});

/** Removes what `stageFiles` left of a change that has not begun. */
export function dropStaged(root: string): void {
  for (const file of readMark(root)?.beside ?? []) fs.rmSync(path.resolve(root, file), { force: true });
  fs.rmSync(markOf(root), { force: true });
}

/** Replaces one file, unless it is not what it was. Throws `E_PROJECT_CHANGED` and system errors; nothing is changed then. */
export function replaceFile({ file, content, was }: ChangedFile): void {
  const staged = besideOf(file);
  try {
    stageFile(staged, content, file);
    refuseChanged(file, was);
    fs.renameSync(staged, file);
  } catch (error) {
    fs.rmSync(staged, { force: true });
    throw error;
  }
  syncFolder(path.dirname(file));
}

/** Carries out a change in which no environment takes part. The caller holds `aloneInProject`. Throws `E_PROJECT_CHANGED` and system errors. */
export async function commitFiles(change: ProjectChange): Promise<void> {
  const { root } = change;
  const work = workOf(root);
  await recoverMoves(work, finishChange(work));
  fs.mkdirSync(path.dirname(work), { recursive: true });
  try {
    await commitMoves(work, { moves: stageFiles(work, change) }, finishChange(work));
    // Last: it is what leads to the journal.
    dropStaged(root);
  } catch (error) {
    if (!fs.existsSync(path.join(work, "journal.json"))) {
      fs.rmSync(work, { recursive: true, force: true });
      dropStaged(root);
    }
    throw error;
  }
}

/**
 * Completes or removes what a killed command left of a change of the project's files. `completeEnvironment` does so for an
 * environment (`Environments.alone`). Throws `E_LOCK_BUSY` and system errors.
 */
export async function recoverProject(
  root: string,
  {
    signal,
    completeEnvironment,
  }: {
    readonly signal: AbortSignal;
    readonly completeEnvironment: (environment: string) => Promise<void>;
  },
): Promise<void> {
  for (let isDone = false; !isDone; ) {
    const mark = readMark(root);
    if (mark === undefined) return;
    if (mark.environment !== undefined) await completeEnvironment(path.resolve(root, mark.environment));
    isDone = await aloneInProject(root, signal, async () => {
      // Another one was killed while this one waited.
      if (JSON.stringify(readMark(root)) !== JSON.stringify(mark)) return false;
      const work = workOf(root);
      await recoverMoves(work, finishChange(work));
      dropStaged(root);
      return true;
    });
  }
}

function readMark(root: string): Mark | undefined {
  let text: string;
  try {
    text = fs.readFileSync(markOf(root), "utf8");
  } catch {
    return undefined;
  }
  try {
    return JSON.parse(text) as Mark;
  } catch {
    // Its writer was killed before anything was begun.
    return { beside: [] };
  }
}

const within = (root: string, file: string): string => {
  const relative = path.relative(root, file);
  return relative.startsWith("..") || path.isAbsolute(relative) ? file : relative;
};

const besideOf = (file: string): string => path.join(path.dirname(file), `.${path.basename(file)}.pybun-change`);

/** Writes what shall replace `file`, with its mode and as far as it may be its owner. Throws system errors. */
export function stageFile(staged: string, content: string | Uint8Array, file: string): void {
  const old = fs.statSync(file, { throwIfNoEntry: false });
  if (old) fs.accessSync(file, fs.constants.W_OK);
  naming(file, () => fs.writeFileSync(staged, content));
  if (!old) return;
  fs.chmodSync(staged, old.mode & 0o7777);
  const { uid, gid } = fs.statSync(staged);
  if (old.uid === uid && old.gid === gid) return;
  try {
    fs.chownSync(staged, old.uid, old.gid);
  } catch {
    // Not ours to give away: it belongs to whoever changed it.
  }
}

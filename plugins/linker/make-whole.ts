import fs from "node:fs";
import path from "node:path";
import { syncFolder } from "../../plugin-api/system/atomic-file.ts";
import {
  type ChangeNote,
  finishChange,
  type StampNote,
  stagingOf,
} from "../../plugin-api/system/environment-change.ts";
import { commitMoves, type Move } from "../../plugin-api/system/journal.ts";
import { dropStaged, markNote, type ProjectChange, stageFiles } from "../../plugin-api/system/project-change.ts";

/** A whole environment to make, where there is none or in the place of one. */
export interface Making<T> {
  /** Absolute. */
  readonly root: string;
  /** Its site-packages, relative to it. */
  readonly site: string;
  /** Puts all of it into the staged folder, which is not there yet. */
  readonly fill: (staged: string) => T | Promise<T>;
  readonly stamp: () => StampNote["stamp"];
  /** It has to survive a loss of power; one that goes when the process ends does not. */
  readonly isLasting: boolean;
  /** Files that take effect with it. */
  readonly files?: ProjectChange | undefined;
}

/** Makes an environment in a staging folder and puts it in place in one step (SPEC LNK-06). */
export async function makeWhole<T>(making: Making<T>): Promise<T> {
  const { root } = making;
  const { beside, inside } = stagingOf(root);
  const exists = fs.existsSync(root);
  if (!exists || canBeReplaced(root)) {
    try {
      return await makeIn(beside, making, exists);
    } catch (error) {
      // A mount point can't be renamed; what is in it can.
      if (!exists || !["EBUSY", "EXDEV", "EACCES", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? ""))
        throw error;
    }
  }
  return makeIn(inside, making, true);
}

function canBeReplaced(root: string): boolean {
  const parent = path.dirname(root);
  try {
    fs.accessSync(parent, fs.constants.W_OK);
  } catch {
    return false;
  }
  return fs.statSync(parent).dev === fs.statSync(root).dev;
}

async function makeIn<T>(staging: string, making: Making<T>, exists: boolean): Promise<T> {
  try {
    fs.mkdirSync(staging, { recursive: true });
    const filled = await making.fill(path.join(staging, "new"));
    await putInPlace(staging, making, exists);
    return filled;
  } catch (error) {
    // With a journal the change has begun, and whoever comes next completes it.
    if (!fs.existsSync(path.join(staging, "journal.json"))) {
      fs.rmSync(staging, { recursive: true, force: true });
      if (making.files) dropStaged(making.files.root);
    }
    throw error;
  }
}

async function putInPlace(staging: string, making: Making<unknown>, exists: boolean): Promise<void> {
  const { root, files } = making;
  const isInside = path.dirname(staging) === root;
  const note = (at: string): ChangeNote => ({
    root: at,
    sitePackages: path.join(at, making.site),
    stamp: making.stamp(),
    ...(files && markNote(staging, files.root)),
  });
  if (!exists && !files) {
    finishChange(staging)(note(path.relative(path.dirname(staging), path.join(staging, "new"))));
    if (making.isLasting) await makeDurable(staging);
    fs.renameSync(path.join(staging, "new"), root);
    // That it has its name is said on the disk too before anybody is told that it is done.
    if (making.isLasting) syncFolder(path.dirname(root));
    fs.rmSync(staging, { recursive: true, force: true });
    return;
  }
  if (!isInside) keepLock(root, path.join(staging, "new"));
  const own = isInside ? movesWithin(root, staging) : [{ from: "new", to: path.basename(root) }];
  const moves = files ? [...stageFiles(staging, files, root), ...own] : own;
  await commitMoves(staging, { moves, note: note(isInside ? "." : path.basename(root)) }, finishChange(staging));
}

async function makeDurable(folder: string): Promise<void> {
  const { syncFileSystem } = await import("../../plugin-api/system/native.ts");
  syncFileSystem(folder);
}

/** A lock inside the environment must not go away with the old one while we hold it. */
function keepLock(root: string, staged: string): void {
  const lock = path.join(root, ".pybun.lock");
  if (fs.existsSync(lock)) fs.copyFileSync(lock, path.join(staged, ".pybun.lock"));
}

/** Replaces all that is in an environment, one thing after the other, `pyvenv.cfg` last. */
function movesWithin(root: string, staging: string): readonly Move[] {
  const fresh = fs.readdirSync(path.join(staging, "new"));
  const stays = new Set([".staging", ".pybun.lock", ...fresh]);
  const gone = fs.readdirSync(root).filter((name) => !stays.has(name));
  const isLast = (name: string): number => (name === "pyvenv.cfg" ? 1 : 0);
  return [
    ...gone.map((to) => ({ to })),
    ...fresh.sort((a, b) => isLast(a) - isLast(b)).map((name) => ({ from: path.join("new", name), to: name })),
  ];
}

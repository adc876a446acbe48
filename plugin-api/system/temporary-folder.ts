import fs from "node:fs";
import path from "node:path";
import { randomName } from "../hash/native.ts";
import { afterwards } from "./afterwards.ts";
import { claimFolder, OWNER_FILE, ownerOf } from "./folder-owner.ts";
import { lifeOf, ownIdentity } from "./process-identity.ts";
import { removeTree } from "./remove-tree.ts";

/** A folder of this process's own for unfinished work. */
export interface TemporaryFolder {
  /** Made on first use, so that a run which only looks things up leaves the disk alone. */
  path(): string;
  /** What can't be removed now is removed by the next process. */
  remove(): void;
}

/** A folder whose owner can't be told is somebody's work for this long. */
const UNOWNED_MS = 24 * 60 * 60 * 1000;

/** A folder below `tmp` that is gone when the process ends. */
export function temporaryFolder(tmp: string): TemporaryFolder {
  let made: string | undefined;
  const remove = (): void => {
    if (made === undefined) return;
    process.off("exit", remove);
    const folder = made;
    made = undefined;
    afterwards(() => {
      try {
        removeOwned(folder);
      } catch {
        // The disk has become read-only or broken: how the command ends is not changed by that any more.
      }
    });
  };
  const make = (): string => {
    fs.mkdirSync(tmp, { recursive: true });
    const folder = path.join(tmp, `run-${process.pid}-${randomName(4)}`);
    fs.mkdirSync(folder, { mode: 0o700 });
    made = folder;
    process.once("exit", remove);
    claimFolder(folder);
    return folder;
  };
  return { path: () => (made ??= make()), remove };
}

/** Who owned it goes last: whoever is killed in between leaves a folder that can be told from work that is under way. */
function removeOwned(folder: string): void {
  for (const name of fs.readdirSync(folder)) if (name !== OWNER_FILE) removeTree(path.join(folder, name));
  removeTree(folder);
}

/** Removes the folders of processes that have ended. Another process may be at the same: what is gone is gone. */
export function clearLeftovers(tmp: string): void {
  if (!fs.existsSync(tmp)) return;
  for (const name of fs.readdirSync(tmp)) {
    const folder = path.join(tmp, name);
    try {
      if (isLeftover(folder)) removeOwned(folder);
    } catch {
      // Another user's, or in use, or gone by now: in nobody's way.
    }
  }
}

function isLeftover(folder: string): boolean {
  const owner = ownerOf(folder);
  if (owner !== undefined && lifeOf(owner) !== "unknown") return lifeOf(owner) === "ended";
  if (owner === undefined && isUnclaimed(folder)) return true;
  const stats = fs.statSync(folder, { throwIfNoEntry: false });
  return stats !== undefined && Date.now() - stats.mtimeMs > UNOWNED_MS;
}

/**
 * Nothing can be read of whose it is, which stands there before anything else does: its process ended before it had said so, or power was
 * lost before that was on the disk. What it is named for is a number nobody has.
 */
function isUnclaimed(folder: string): boolean {
  const pid = /^run-(\d+)-/.exec(path.basename(folder))?.[1];
  if (pid === undefined) return false;
  // What the disk does not give now may be there: that is thrown.
  if (fs.readdirSync(folder).includes(OWNER_FILE)) fs.readFileSync(path.join(folder, OWNER_FILE));
  const { started: _, ...here } = ownIdentity();
  return lifeOf({ ...here, pid: Number(pid) }) === "ended";
}

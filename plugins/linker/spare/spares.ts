import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { randomName } from "../../../plugin-api/hash/native.ts";
import { ahead, atLast, stays } from "../../../plugin-api/system/afterwards.ts";
import { claimFolder } from "../../../plugin-api/system/folder-owner.ts";
import { removeTree } from "../../../plugin-api/system/remove-tree.ts";
import { clearLeftovers } from "../../../plugin-api/system/temporary-folder.ts";
import type { Builder } from "../materialize.ts";
import type { Folder } from "../tree.ts";
import { type Listing, listTree } from "./native.ts";
import { refit, wantedOf } from "./refit.ts";

/**
 * A folder that stood in an environment before it was replaced, made equal to the one that stands there now. What changes the
 * environment next changes this one and puts it in place, in place of a copy.
 */
interface Spare {
  readonly folder: string;
  /** How it was then, and how the one that stands there was. */
  readonly listing: Listing;
  readonly standing: Listing;
  readonly umask: number;
}

/** By the path of the folder that stands there, the one that was made last at the end. */
const spares = new Map<string, Spare>();
const MOST_SPARES = 4;
/** What was known of both when the spare one was taken, by the same path: now it is the other way round. */
const exchanged = new Map<string, Pick<Spare, "listing" | "standing">>();
/** As many as are carried over at all. */
const MOST = 4000;

/** File systems on which two names with one inode number are one file, whatever is mounted over what: ext, XFS, Btrfs, tmpfs. */
const PLAIN = new Set([0xef53, 0x58465342, 0x9123683e, 0x01021994]);

/**
 * Makes `target` as `folder` is to be, of a spare one; false, with nothing left behind, where there is none that is nearly the same.
 * What it is made equal to is what stands there now, name by name.
 */
export function copyOfSpare(folder: Folder, target: string, builder: Builder): boolean {
  const source = folder.disk;
  const spare = source === undefined ? undefined : spares.get(source);
  if (source === undefined || spare === undefined || spare.umask !== process.umask()) return false;
  spares.delete(source);
  const now = listTree(source, { most: MOST, known: spare.standing });
  const has = now && listTree(spare.folder, { most: MOST, known: spare.listing });
  const wanted = now && wantedOf(folder, now);
  if (now === undefined || has === undefined || wanted === undefined) return drop(spare.folder);
  try {
    fs.renameSync(spare.folder, target);
    const equal = { has: spare.listing, wants: spare.standing };
    refit({ has, wants: wanted.names, source, target, equal });
  } catch {
    drop(spare.folder);
    return drop(target);
  }
  exchanged.set(source, { listing: now, standing: has });
  for (const [place, node] of wanted.built) builder.build(node, `${target}/${place}`);
  return true;
}

/**
 * Has a process that stays keep what was replaced, which its caller need not wait for. `dataDir`: where it is kept; `replaced`:
 * where it lies now, until this command ends.
 */
export function keepSpare(site: string, replaced: string, dataDir: string): void {
  if (!stays()) return;
  const umask = process.umask();
  ahead(() => {
    const folder = path.join(homeIn(dataDir), randomName(8));
    fs.renameSync(replaced, folder);
    const equal = PLAIN.has(fs.statfsSync(folder).type) ? madeEqual(folder, site, umask) : undefined;
    if (equal === undefined) return void drop(folder);
    forget(site);
    spares.set(site, { folder, ...equal, umask });
    for (const [oldest] of [...spares].slice(0, -MOST_SPARES)) forget(oldest);
  });
}

/** Undefined where it is not as if it were new. */
function madeEqual(folder: string, site: string, umask: number): Pick<Spare, "listing" | "standing"> | undefined {
  const asked = { mode: 0o777 & ~umask, uid: os.userInfo().uid };
  const known = exchanged.get(site);
  exchanged.delete(site);
  const has = listTree(folder, { most: MOST, asked, known: known?.listing });
  const standing = has && listTree(site, { most: MOST, known: known?.standing });
  if (has === undefined || standing === undefined) return undefined;
  try {
    refit({ has, wants: standing, source: site, target: folder });
  } catch {
    return undefined;
  }
  const listing = listTree(folder, { most: MOST, known: has });
  return listing && { listing, standing };
}

function forget(site: string): void {
  const spare = spares.get(site);
  spares.delete(site);
  if (spare) drop(spare.folder);
}

function drop(folder: string): false {
  try {
    removeTree(folder);
  } catch {
    // What can't be removed now is removed when another process finds it.
  }
  return false;
}

let home: string | undefined;

function homeIn(dataDir: string): string {
  const all = path.join(dataDir, "spares");
  if (home !== undefined && path.dirname(home) === all && fs.existsSync(home)) return home;
  fs.mkdirSync(all, { recursive: true });
  clearLeftovers(all);
  const made = path.join(all, `run-${process.pid}-${randomName(4)}`);
  fs.mkdirSync(made, { mode: 0o700 });
  claimFolder(made);
  atLast(() => removeTree(made));
  home = made;
  return made;
}

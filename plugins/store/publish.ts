import fs from "node:fs";
import path from "node:path";
import { randomName } from "../../plugin-api/hash/native.ts";
import { writeAtomically } from "../../plugin-api/system/atomic-file.ts";
import { exchange } from "../../plugin-api/system/native.ts";
import { removeTree } from "../../plugin-api/system/remove-tree.ts";
import { LAST_USED, placesIn, RECORD, TREE } from "./places.ts";
import { pointerText } from "./pointer.ts";
import { isSealed, sealFolders } from "./seal.ts";
import type { Unpacked, UnpackJob } from "./unpack.ts";

/**
 * Makes a synced entry visible: its files become objects that others may share, its folder takes its place, and last the
 * wheel's pointer leads to it. Killed in between, it leaves objects or an entry without a pointer: complete, and taken up
 * by the next ingest of the same wheel.
 */
export function publish(job: UnpackJob, unpacked: Unpacked): void {
  const places = placesIn(job.dataDir);
  shareFiles(job.staging, unpacked.fresh, places.object);
  sealFolders(path.join(job.staging, TREE), unpacked.folders.split("\n"));
  placeEntry(job.staging, places.entry(unpacked.id), unpacked);
  writePointer(job, unpacked);
}

function writePointer({ dataDir, filename }: UnpackJob, { id, wheelSha256, layout }: Unpacked): void {
  const pointer = placesIn(dataDir).pointer(wheelSha256);
  inFolder(path.dirname(pointer), () => writeAtomically(pointer, pointerText({ id, filename, layout })));
}

/** More often than this no folder is taken away from under one entry. */
const MOST_TRIES = 20;

/** Whoever collects takes away folders in which nothing is, at any time: then it is made again, and so is what belongs in it. */
function inFolder(folder: string, body: () => void): void {
  for (let tried = 1; ; tried++)
    try {
      fs.mkdirSync(folder, { recursive: true });
      return body();
    } catch (error) {
      const { code, syscall } = error as NodeJS.ErrnoException;
      const isGone = code === "ENOENT" || code === "E_FOLDER_MISSING" || (code === "EEXIST" && syscall === "mkdir");
      if (!isGone || tried === MOST_TRIES) throw error;
    }
}

function placeEntry(staging: string, entry: string, unpacked: Unpacked): void {
  try {
    inFolder(path.dirname(entry), () => fs.renameSync(staging, entry));
    return;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOTEMPTY" && code !== "EEXIST" && code !== "EPERM") throw error;
    if (!fs.existsSync(entry)) throw error;
  }
  // Somebody was faster with the same wheel, unless what is there was changed since.
  if (!isAsMade(entry, staging, unpacked)) replaceEntry(staging, entry);
  else removeTree(staging);
}

/** Whether an entry is complete, and nobody wrote into it. */
const isAsMade = (entry: string, staging: string, { folders }: Unpacked): boolean =>
  fs.existsSync(path.join(entry, LAST_USED)) &&
  isSameFile(path.join(entry, RECORD), path.join(staging, RECORD)) &&
  isSealed(
    path.join(entry, TREE),
    folders.split("\n").filter((folder) => !folder.endsWith("__pycache__")),
  );

const isSameFile = (one: string, other: string): boolean =>
  fs.existsSync(one) && fs.readFileSync(one).equals(fs.readFileSync(other));

/** Environments hold links into the entry: where the system can exchange two folders, they never lead nowhere. */
function replaceEntry(staging: string, entry: string): void {
  const aside = `${staging}-old`;
  if (exchange(staging, entry)) fs.renameSync(staging, aside);
  else {
    fs.renameSync(entry, aside);
    fs.renameSync(staging, entry);
  }
  removeTree(aside);
}

function shareFiles(staging: string, fresh: Unpacked["fresh"], object: (key: string) => string): void {
  if (fresh === "") return;
  const lines = fresh.split("\n");
  for (let i = 0; i < lines.length; i += 2)
    if (!shareFile(`${staging}/${TREE}/${lines[i + 1]}`, object(lines[i]!))) return;
}

/**
 * False when this file system has no hard links, or not to here: the entry then keeps its plain files. Sharing saves room
 * and nothing else, so no failure of it is one of the ingest.
 */
function shareFile(file: string, object: string): boolean {
  try {
    return linkAs(file, object);
  } catch {
    return false;
  }
}

function linkAs(file: string, object: string): boolean {
  try {
    fs.linkSync(file, object);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return takeObject(file, object);
    if (code !== "ENOENT") return false;
  }
  fs.mkdirSync(path.dirname(object), { recursive: true });
  fs.linkSync(file, object);
  return true;
}

/** Another wheel brought the same file meanwhile: one of the two copies goes. */
function takeObject(file: string, object: string): boolean {
  const link = `${file}.${randomName(4)}`;
  try {
    fs.linkSync(object, link);
    fs.renameSync(link, file);
  } catch (error) {
    fs.rmSync(link, { force: true });
    // The most links a file can have (65,000 on ext4): this entry keeps its copy.
    return (error as NodeJS.ErrnoException).code === "EMLINK";
  }
  return true;
}

import fs from "node:fs";
import path from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import type { DppTables } from "../../plugin-api/dpp/tables.ts";
import { sha256Of } from "../../plugin-api/hash/native.ts";
import { parseSha256, type Sha256 } from "../../plugin-api/model/digest.ts";
import { KEPT, placeOfName } from "../../plugin-api/model/store-layout.ts";
import type { EntryCheck, EntryFault, KeptEntry } from "../../plugin-api/store-upkeep.ts";
import { namesIn } from "../../plugin-api/system/folder-entries.ts";
import { checkBytecode, checkOwnBytecode } from "./check-bytecode.ts";
import { writtenRows } from "./cut-record.ts";
import { describe } from "./describe.ts";
import { hashFile } from "./hash-file.ts";
import { filesBelow, formerLayout } from "./kept-entries.ts";
import type { KnownWheels } from "./known-wheels.ts";
import { type Places, ROWS, TREE } from "./places.ts";
import { readPointer } from "./pointer.ts";
import { trustedRecord } from "./record.ts";
import { isExecutable, type TreeFile, treeFiles } from "./tree-files.ts";

export interface Checking {
  readonly places: Places;
  readonly known: KnownWheels;
  readonly signal: AbortSignal;
}

/** See `StoreUpkeep.check`. The id is the hash of the record, and the record has the hash of every file. */
export async function checkEntry(entry: KeptEntry, checking: Checking): Promise<EntryCheck> {
  // Another version of PyBun made it, and knows how it has to be.
  if (formerLayout(entry.path) !== undefined) return { files: 0, bytes: 0, faults: [], wrongFiles: [] };
  try {
    const record = trustedRecord(entry);
    if (record === undefined) return failed("has another record than it was given");
    const checked = await checkTree(entry, record, checking.signal);
    const isWhole = checked.faults.length === 0;
    const faults = isWhole ? checkDescription(entry, record, checking) : [];
    return {
      ...checked,
      faults: [...checked.faults, ...faults, ...checkTexts(entry), ...checkLinks(entry), ...bytecodeFaults(entry)],
    };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (checking.signal.aborted || code === undefined) throw error;
    return failed(`can't be read (${code})`);
  }
}

const failed = (what: string): EntryCheck => ({ files: 0, bytes: 0, faults: [fault("", what)], wrongFiles: [] });

const fault = (at: string, what: string): EntryFault => ({ path: at, what, isBytecode: false });

async function checkTree(entry: KeptEntry, record: DppTables, signal: AbortSignal): Promise<EntryCheck> {
  const tree = path.join(entry.path, TREE);
  const missing = new Map(treeFiles(record.files()).map((file) => [file.treePath, file]));
  const faults: EntryFault[] = [];
  const wrongFiles: number[] = [];
  let [files, bytes] = [0, 0];
  for (const name of filesBelow(tree)) {
    const treePath = path.relative(tree, name).replaceAll("\\", "/");
    const recorded = missing.get(treePath);
    if (recorded === undefined && isBytecode(treePath)) continue;
    const stat = fs.lstatSync(name);
    const what = recorded === undefined ? "is not of the wheel" : await difference(recorded, { name, stat, signal });
    missing.delete(treePath);
    if (what !== undefined) {
      faults.push(fault(treePath, what));
      if (recorded !== undefined) wrongFiles.push(stat.ino);
    }
    files++;
    bytes += stat.size;
    if (files % 64 === 0) await turn();
    signal.throwIfAborted();
  }
  faults.push(...[...missing.keys()].map((name) => fault(name, "is missing")));
  return { files, bytes, faults, wrongFiles };
}

interface Found {
  readonly name: string;
  readonly stat: fs.Stats;
  readonly signal: AbortSignal;
}

async function difference(recorded: TreeFile, { name, stat, signal }: Found): Promise<string | undefined> {
  const blake3 = Buffer.from(recorded.blake3).toString("hex");
  if (!stat.isFile() || stat.size !== recorded.sizeBytes || (await hashFile(name, signal)) !== blake3)
    return "has another content";
  return isExecutable(stat.mode) === recorded.isExecutable ? undefined : "has other permissions";
}

const isBytecode = (treePath: string): boolean => /(?:^|\/)__pycache__\//.test(treePath);

/** What is noted for linking follows from the record and the files. */
function checkDescription(entry: KeptEntry, record: DppTables, { places, known }: Checking): readonly EntryFault[] {
  const parts = record.parts();
  const textOf = (treePath: string): string => fs.readFileSync(path.join(entry.path, TREE, treePath), "utf8");
  const layout = describe(parts, textOf);
  const text = JSON.stringify(layout);
  const sha256 = parseSha256(Buffer.from(parts.metadata.wheelSha256).toString("hex")) as Sha256;
  const file = places.pointer(sha256);
  const pointer = readPointer(file);
  const noted = [pointer, known.find(sha256)].filter((each) => each?.id === entry.id);
  const isTorn = pointer === undefined && fs.existsSync(file);
  const isNoted = !isTorn && noted.every((each) => each?.layout === text);
  const hasRows = layout.recordCuts !== undefined || rowsIn(entry) === writtenRows(parts);
  return isNoted && hasRows ? [] : [fault("", "has another description than it was given")];
}

/** Texts that were written for environments, and are shared by them, end with what tells their content. */
function checkTexts({ path: folder }: KeptEntry): readonly EntryFault[] {
  return namesIn(folder).flatMap((name) => {
    const digest = KEPT_TEXT.exec(name)?.[1];
    if (digest === undefined || sha256Of(fs.readFileSync(path.join(folder, name))).startsWith(digest)) return [];
    return [fault(name, "has another content")];
  });
}

/** Links that environments have as other names lead into the tree, wherever that was when they were made. */
function checkLinks({ path: folder, id }: KeptEntry): readonly EntryFault[] {
  return namesIn(folder).flatMap((name) => {
    if (!name.startsWith(KEPT.link)) return [];
    const place = placeOfName(name.slice(KEPT.link.length));
    const isRight = targetOf(path.join(folder, name)).endsWith(`/${id}/${TREE}/${place}`);
    return isRight ? [] : [fault(name, "leads elsewhere")];
  });
}

function targetOf(link: string): string {
  try {
    return fs.readlinkSync(link);
  } catch {
    return "";
  }
}

/** One file is told once. */
function bytecodeFaults(entry: KeptEntry): readonly EntryFault[] {
  const faults = checkBytecode(entry);
  const told = new Set(faults.map((each) => each.path));
  return [...faults, ...checkOwnBytecode(entry).filter((each) => !told.has(each.path))];
}

const KEPT_TEXT = /^installed-\d+-[0-9a-f]{16}-([0-9a-f]{16})$/;

function rowsIn({ path: folder }: KeptEntry): string | undefined {
  const file = path.join(folder, ROWS);
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;
}

import fs from "node:fs";
import path from "node:path";
import { parseBlake3 } from "../../plugin-api/model/digest.ts";
import type { StoreLayout } from "../../plugin-api/model/store-layout.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import type { EntryUsage, KeptEntry, SharedUsage } from "../../plugin-api/store-upkeep.ts";
import { entriesIn, namesIn } from "../../plugin-api/system/folder-entries.ts";
import { LAST_USED, type Places } from "./places.ts";
import { openRecord } from "./record.ts";

/** All folders of the store that are named as entries are. */
export function* keptEntries({ packages }: Pick<Places, "packages">): Iterable<KeptEntry> {
  for (const first of namesIn(packages).filter(isPair))
    for (const second of namesIn(path.join(packages, first)).filter(isPair))
      for (const name of namesIn(path.join(packages, first, second))) {
        const id = parseBlake3(name);
        if (id !== undefined) yield describeEntry(path.join(packages, first, second, name), id);
      }
}

const isPair = (name: string): boolean => /^[0-9a-f]{2}$/.test(name);

function describeEntry(folder: string, id: KeptEntry["id"]): KeptEntry {
  const lastUsedMs = fs.statSync(path.join(folder, LAST_USED), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  let label: string = id;
  try {
    const { name, version } = namedIn(folder);
    label = `${name} ${version}`;
  } catch {
    // Damaged: it is told by its id.
  }
  return { id, path: folder, label, lastUsedMs };
}

function namedIn(folder: string): Pick<StoreLayout, "name" | "version"> {
  const former = formerLayout(folder);
  if (former !== undefined) return JSON.parse(fs.readFileSync(path.join(folder, former), "utf8")) as StoreLayout;
  const { name, version } = openRecord(folder).metadata();
  return { name: normalizeName(name), version };
}

/** What older versions of PyBun, which made no records, wrote into an entry; undefined when this is none of theirs. */
export const formerLayout = (folder: string): string | undefined =>
  namesIn(folder).find((name) => /^layout-\d+\.json$/.test(name));

/** See `StoreUpkeep.usage`. A file of a wheel has two links where it is not shared: the tree's and the object's. */
export function usageOf({ path: folder }: KeptEntry): EntryUsage {
  const shared = new Map<number, SharedUsage>();
  const usage = { files: 0, ownBytes: 0, shared };
  for (const file of filesBelow(folder)) {
    const stat = fs.lstatSync(file, { throwIfNoEntry: false });
    if (!stat) continue;
    usage.files++;
    if (stat.nlink <= 2) usage.ownBytes += stat.size;
    else {
      const linksHere = (shared.get(stat.ino)?.linksHere ?? 0) + 1;
      shared.set(stat.ino, { bytes: stat.size, links: stat.nlink, linksHere });
    }
  }
  return usage;
}

/** Everything below a folder that is no folder, absolute; links are not followed, and what goes away meanwhile is left out. */
export function* filesBelow(folder: string): Iterable<string> {
  for (const entry of entriesIn(folder)) {
    const file = `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* filesBelow(file);
    else yield file;
  }
}

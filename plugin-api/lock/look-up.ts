import { fault, type Image, recordAt } from "./image.ts";
import { ENTRY, NONE } from "./layout.ts";
import { nameHash } from "./name-hash.ts";
import { entryName } from "./read-records.ts";

/** Indexes of a name's entries. */
export function findEntries(image: Image, name: string): readonly number[] {
  const { view, outline } = image;
  const { high, low } = nameHash(name);
  const mask = outline.slots - 1;
  for (let probe = 0, slot = low & mask; probe <= outline.packageCount; probe++, slot = (slot + 1) & mask) {
    const index = view.getUint32(outline.hashTable + 4 * slot, true);
    if (index === NONE) return [];
    const at = recordAt(image, "ENTR", index);
    const isHash = view.getUint32(at, true) === low && view.getUint32(at + 4, true) === high;
    if (isHash && entryName(image, at) === name) return chain(image, index, name);
  }
  throw fault(image, ["hash table", outline.hashTable], "its hash table is full");
}

/** How many names have entries: the slots of the hash table that are taken. */
export function countNames({ view, outline }: Image): number {
  let count = 0;
  for (let slot = 0; slot < outline.slots; slot++)
    if (view.getUint32(outline.hashTable + 4 * slot, true) !== NONE) count++;
  return count;
}

function chain(image: Image, first: number, name: string): readonly number[] {
  const found: number[] = [];
  for (let index = first; ; ) {
    const at = recordAt(image, "ENTR", index);
    if (entryName(image, at) !== name) throw fault(image, ["ENTR", at], "packages of one name are mixed with others");
    found.push(index);
    const next = image.view.getUint32(at + ENTRY.next, true);
    if (next === NONE) return found;
    if (next !== index + 1) throw fault(image, ["ENTR", at + ENTRY.next], "packages of one name are not together");
    index = next;
  }
}

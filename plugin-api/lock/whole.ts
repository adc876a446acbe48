import type { PybunError } from "../error.ts";
import type { Lock, LockedPackage } from "../model/lock.ts";
import { byText } from "./canonical.ts";
import { artifactSetDigest } from "./content-hash.ts";
import { fault, type Image, recordAt } from "./image.ts";
import { DIRECTORY_HEAD_BYTES, DIRECTORY_RECORD_BYTES, ENTRY, HEADER, HEADER_BYTES, INTEGRITY } from "./layout.ts";
import { findEntries } from "./look-up.ts";
import { versionFields } from "./version-fields.ts";

/** What no single record shows: order, look-up by name, digests over several files, and that nothing hides in the gaps. */
export function checkWhole(image: Image, { packages }: Lock): void {
  let names = 0;
  for (const [index, each] of packages.entries()) {
    const at = recordAt(image, "ENTR", index);
    const wrong = (offset: number, what: string): PybunError => fault(image, ["ENTR", at + offset], what);
    const before = packages[index - 1];
    if (before && byText(before.name, each.name) > 0) throw wrong(ENTRY.name, "packages are not in order");
    if (before?.name !== each.name) names++;
    if (!findEntries(image, each.name).includes(index)) throw wrong(ENTRY.nameHash, `${each.name} can't be found`);
    checkVersion(image, at, each);
    if (each.files.length > 0) checkDigest(image, at, each);
  }
  if (image.outline.slots < 2 * names) throw fault(image, ["hash table", HEADER.slots], "its hash table is too small");
  checkGaps(image);
}

function checkVersion(image: Image, at: number, { name, version }: LockedPackage): void {
  const { view } = image;
  const fields = versionFields(version);
  const stated = [ENTRY.major, ENTRY.minor, ENTRY.patch, ENTRY.versionFlags].map((from) =>
    view.getUint32(at + from, true),
  );
  if ([fields.major, fields.minor, fields.patch, fields.flags].some((number, i) => number !== stated[i]))
    throw fault(image, ["ENTR", at + ENTRY.major], `the version of ${name} is not the one that is written out`);
}

function checkDigest(image: Image, at: number, { name, files }: LockedPackage): void {
  const stated = image.bytes.subarray(at + ENTRY.integrity, at + ENTRY.integrity + 32);
  const isKind = image.view.getUint8(at + ENTRY.integrityKind) === INTEGRITY.artifacts;
  const digests = files.map(({ sha256 }) => sha256 as string);
  if (!isKind || Buffer.compare(stated, artifactSetDigest(digests)) !== 0)
    throw fault(image, ["ENTR", at + ENTRY.integrity], `the files of ${name} are not those that were locked`);
}

function checkGaps({ outline, bytes, view, ...image }: Image): void {
  const { sections, hashTable, slots } = outline;
  const directory = view.getUint32(HEADER.directory, true);
  const directoryEnd = directory + DIRECTORY_HEAD_BYTES + DIRECTORY_RECORD_BYTES * sections.size;
  const parts = [...sections.values()].map(({ offset, length }) => [offset, offset + length] as const);
  const all = [...parts, [directory, directoryEnd] as const, [hashTable, hashTable + 4 * slots] as const];
  let end = HEADER_BYTES;
  for (const [from, to] of [...all, [bytes.length, bytes.length] as const].sort(([a], [b]) => a - b)) {
    if (bytes.subarray(end, Math.max(end, from)).some((byte) => byte !== 0))
      throw fault({ outline, bytes, view, ...image }, ["header", end], "something stands between its sections");
    end = Math.max(end, to);
  }
}

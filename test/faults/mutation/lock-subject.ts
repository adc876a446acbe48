import * as fc from "fast-check";
import { PybunError } from "../../../plugin-api/error.ts";
import { contentHash } from "../../../plugin-api/lock/content-hash.ts";
import { encodeLock } from "../../../plugin-api/lock/encode.ts";
import { lockJson } from "../../../plugin-api/lock/json.ts";
import { openLock } from "../../../plugin-api/lock/open.ts";
import { selectPins } from "../../../plugin-api/lock/select.ts";
import { formatLock } from "../../../plugin-api/lock/text.ts";
import { anyLock, PLACE } from "../../harness/lock-arbitraries.ts";
import { smallTarget } from "../../harness/small-lock.ts";
import { type Mutation, type Random, setNumber } from "./mutate.ts";
import type { Subject } from "./subject.ts";

const CODES = ["E_LOCK_INVALID", "E_FORMAT_VERSION", "E_LIMIT"];
const SELECT_CODES = [...CODES, "E_LOCK_TARGET", "E_PYTHON_MISMATCH"];
const TARGET = smallTarget("3.12 linux x86_64");

const samples = fc.sample(anyLock, { numRuns: 40, seed: 4 }).map((lock) => encodeLock(lock, PLACE));

/** Offset of a random record of the directory; undefined where the file has none. */
function directoryRecord(bytes: Buffer, random: Random): number | undefined {
  if (bytes.length < 64) return undefined;
  const start = bytes.readUInt32LE(20);
  if (start + 8 > bytes.length) return undefined;
  const at = start + 8 + 16 * random.below(Math.min(64, bytes.readUInt32LE(start)));
  return at + 16 <= bytes.length ? at : undefined;
}

const inDirectory =
  (change: (bytes: Buffer, at: number, random: Random) => void): Mutation =>
  (bytes, random) => {
    const at = directoryRecord(bytes, random);
    if (at !== undefined) change(bytes, at, random);
    return bytes;
  };

/** Another record's field in the place of this one's. */
const swapField = (field: number): Mutation =>
  inDirectory((bytes, at, random) => {
    const other = directoryRecord(bytes, random);
    if (other === undefined) return;
    const [mine, theirs] = [bytes.readUInt32LE(at + field), bytes.readUInt32LE(other + field)];
    bytes.writeUInt32LE(theirs, at + field);
    bytes.writeUInt32LE(mine, other + field);
  });

const mutations: readonly Mutation[] = [
  setNumber,
  setNumber,
  // A section of another name, a larger count with the length that goes with it, a section moved over another one.
  inDirectory(
    (bytes, at, random) => void bytes.write(random.pick(["ENTR", "STRS", "spec", "fork", "ZZZZ", "zzzz"]), at),
  ),
  inDirectory((bytes, at, random) => {
    const count = bytes.readUInt32LE(at + 12) + random.pick([1, -1, 1000]);
    const record = Math.floor(bytes.readUInt32LE(at + 8) / Math.max(1, bytes.readUInt32LE(at + 12)));
    bytes.writeUInt32LE((record * count) >>> 0, at + 8);
    bytes.writeUInt32LE(count >>> 0, at + 12);
  }),
  inDirectory(
    (bytes, at, random) => void bytes.writeUInt32LE((bytes.readUInt32LE(at + 4) + 8 * random.below(20)) >>> 0, at + 4),
  ),
  inDirectory((bytes, at) => {
    bytes.writeUInt32LE(0xffff_fff8, at + 4);
    bytes.writeUInt32LE(0x10, at + 8);
  }),
  swapField(4),
  swapField(8),
];

/** Opens, looks up, decodes, checks, and goes on to what is made of a lock. */
function read(bytes: Uint8Array): unknown {
  const view = openLock(bytes, PLACE);
  const found = ["a", "b", "numpy", "absent"].map((name) => view.find(name));
  const lock = view.lock();
  view.verify();
  return [found, lock, formatLock(lock, PLACE), lockJson(lock, PLACE), selected(lock)];
}

function selected(lock: Parameters<typeof selectPins>[0]): unknown {
  try {
    return selectPins(lock, TARGET, { extras: "all", groups: ["dev"] });
  } catch (error) {
    if (error instanceof PybunError && SELECT_CODES.includes(error.code)) return error.message;
    throw error;
  }
}

const isRefusal = (error: unknown): boolean => error instanceof PybunError && CODES.includes(error.code);

/** As it was changed: nearly always the content hash tells. */
export const lockSubject: Subject = { name: "lock", samples, mutations, read, isRefusal };

/** By somebody who knows the format: with a content hash that is right. */
export const forgedLockSubject: Subject = {
  ...lockSubject,
  name: "lock with its content hash put right",
  finish: (bytes) => {
    if (bytes.length >= 64) bytes.set(contentHash(bytes), 32);
    return bytes;
  },
};

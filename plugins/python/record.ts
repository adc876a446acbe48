import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import { cachedByText } from "../../plugin-api/python/text-cache.ts";
import { writeAtomically } from "../../plugin-api/system/atomic-file.ts";
import { keptByState } from "../../plugin-api/system/settled-state.ts";

/** What was learnt of one executable: what it is, that it stands for another one, or why it can't be used. */
export type Finding =
  | { readonly kind: "interpreter"; readonly interpreter: Facts }
  | { readonly kind: "wrapper"; readonly of: string }
  | { readonly kind: "refused"; readonly reason: string };

/** An interpreter without what depends on how it was found. */
export type Facts = Omit<Interpreter, "source" | "identity">;

interface Record {
  readonly format: number;
  readonly machine: string;
  readonly identity: string;
  readonly finding: Finding;
}

/** Raised whenever `probe.py` or the shape of a finding changes. */
const FORMAT = 1;

/** Markers and tags hold the system's release, so a new kernel or system makes every record stale. */
let known: string | undefined;
const machine = (): string => (known ??= `${process.arch} ${os.release()} ${os.version()}`);

/** Path, size, time of change and inode of a real file (SPEC PY-12). */
export function identityOf(real: string): string {
  const stat = fs.statSync(real);
  return `${real}:${stat.size}:${stat.mtimeMs}:${stat.ino}`;
}

/** The same parts for the same text: what is worked out of markers and tags is remembered by them. */
const parse = cachedByText((text): Partial<Record> => JSON.parse(text) as Partial<Record>);

const readRecord = keptByState(20, (file) => parse(fs.readFileSync(file, "utf8")));

/** The remembered finding of an executable that has not changed since. */
export function recall(folder: string, real: string, identity: string): Finding | undefined {
  const file = fileFor(folder, real);
  if (!fs.existsSync(file)) return undefined;
  try {
    const record = readRecord(file);
    const isValid = record.format === FORMAT && record.identity === identity && record.machine === machine();
    return isValid ? record.finding : undefined;
  } catch {
    return undefined;
  }
}

/** Remembers a finding. A cache that can't be written costs a probe next time, and nothing else. */
export function remember(folder: string, real: string, record: Pick<Record, "identity" | "finding">): void {
  try {
    fs.mkdirSync(folder, { recursive: true });
    writeAtomically(fileFor(folder, real), JSON.stringify({ format: FORMAT, machine: machine(), ...record }));
  } catch {
    return;
  }
}

/** Readable, and short enough for every file system; the identity inside settles whether it is the right one. */
const fileFor = (folder: string, real: string): string =>
  path.join(folder, `${encodeURIComponent(real).slice(-200)}.json`);

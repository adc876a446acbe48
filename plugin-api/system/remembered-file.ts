import fs from "node:fs";
import path from "node:path";
import { sha256Of } from "../hash/native.ts";
import { afterwards } from "./afterwards.ts";
import { writeAtomically } from "./atomic-file.ts";

/** What was kept, and what names it: equal digests, equal bytes. */
export interface Remembered {
  readonly digest: string;
  readonly body: Buffer;
}

const DIGEST_DIGITS = 32;
/** Above this many files of a folder the oldest go. */
const MOST_FILES = 1000;
const KEPT_FILES = 800;

/** What `remember` kept in a file; undefined when there is nothing, it is of another kind, or not as it was written. */
export function readRemembered(file: string, kind: string): Remembered | undefined {
  let bytes: Buffer;
  try {
    bytes = fs.readFileSync(file);
  } catch {
    return undefined;
  }
  const bodyAt = kind.length + 1 + DIGEST_DIGITS + 1;
  const body = bytes.subarray(bodyAt);
  const digest = digestOf(body);
  return bytes.toString("latin1", 0, bodyAt) === headOf(kind, digest) ? { digest, body } : undefined;
}

/**
 * Keeps bytes that could be made again, in a folder of such files, of which only the newest few hundred stay; nobody waits for that
 * where this process stays. `kind`: ASCII words that change with the form. A disk that takes none is no reason to fail: then nothing
 * is remembered.
 */
export function remember(file: string, kind: string, body: () => Uint8Array): void {
  afterwards(() => {
    try {
      write(file, kind, body());
    } catch {}
  });
}

function write(file: string, kind: string, body: Uint8Array): void {
  const folder = path.dirname(file);
  fs.mkdirSync(folder, { recursive: true });
  writeAtomically(file, [Buffer.from(headOf(kind, digestOf(body)), "latin1"), body]);
  removeOldest(folder);
}

const digestOf = (body: Uint8Array): string => sha256Of(body).slice(0, DIGEST_DIGITS);
const headOf = (kind: string, digest: string): string => `${kind} ${digest}\n`;

function removeOldest(folder: string): void {
  const names = fs.readdirSync(folder);
  if (names.length <= MOST_FILES) return;
  const aged = names.map((name) => {
    const file = path.join(folder, name);
    return { file, writtenAtMs: fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0 };
  });
  aged.sort((a, b) => a.writtenAtMs - b.writtenAtMs);
  for (const { file } of aged.slice(0, -KEPT_FILES)) fs.rmSync(file, { force: true });
}

import fs from "node:fs";
import path from "node:path";
import type { Diagnostic } from "../../plugin-api/diagnostic.ts";
import { sha256Of } from "../../plugin-api/hash/native.ts";
import type { PageName } from "../../plugin-api/model/requirement.ts";
import { writeAtomically } from "../../plugin-api/system/atomic-file.ts";

/** An answer, what was told of it, and what it was made from. */
export interface Hint {
  readonly answer: unknown;
  readonly warnings: readonly Diagnostic[];
  /** The pages that mattered. */
  readonly consulted: readonly PageName[];
  /** What each index plugin said of them, by plugin. */
  readonly stamps: Readonly<Record<string, string>>;
}

const HEAD = "PyBun hint 3 ";
const DIGEST_DIGITS = 32;
const BODY_AT = HEAD.length + DIGEST_DIGITS + 1;
/** Above this many hints the oldest go. */
const MOST_HINTS = 500;
const KEPT_HINTS = 400;

/** The hint in a file; undefined when there is none, or it is not as it was written. */
export function readHint(file: string): Hint | undefined {
  let bytes: Buffer;
  try {
    bytes = fs.readFileSync(file);
  } catch {
    return undefined;
  }
  const body = bytes.subarray(BODY_AT);
  if (bytes.toString("latin1", 0, BODY_AT) !== headOf(body)) return undefined;
  return JSON.parse(body.toString("utf8")) as Hint;
}

/** Keeps a hint. A disk that takes none is no reason to fail: the hint is only missing then. */
export function writeHint(file: string, hint: Hint): void {
  const body = Buffer.from(JSON.stringify(hint));
  const folder = path.dirname(file);
  try {
    fs.mkdirSync(folder, { recursive: true });
    writeAtomically(file, Buffer.concat([Buffer.from(headOf(body), "latin1"), body]));
    removeOldest(folder);
  } catch {}
}

const headOf = (body: Uint8Array): string => `${HEAD}${sha256Of(body).slice(0, DIGEST_DIGITS)}\n`;

function removeOldest(folder: string): void {
  const names = fs.readdirSync(folder);
  if (names.length <= MOST_HINTS) return;
  const aged = names.map((name) => {
    const file = path.join(folder, name);
    return { file, writtenAtMs: fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0 };
  });
  aged.sort((a, b) => a.writtenAtMs - b.writtenAtMs);
  for (const { file } of aged.slice(0, -KEPT_HINTS)) fs.rmSync(file, { force: true });
}

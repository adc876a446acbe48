import { PybunError } from "../error.ts";
import { tooLarge } from "./incomplete.ts";
import { LOCK_LIMITS } from "./layout.ts";
import type { Rows } from "./rows.ts";

/** All texts of a lock, each once, in the order of their bytes (SPEC DPL-10). */
export interface StringTable {
  readonly bytes: Buffer;
  readonly count: number;
  /** Where a text begins in the table, and its length in bytes. */
  readonly at: ReadonlyMap<string, readonly [offset: number, length: number]>;
}

/** Throws `E_LIMIT` for a text that is too long, `E_LOCK_INCOMPLETE` for one that UTF-8 has no form for. */
export function stringTable(rows: Rows): StringTable {
  const texts = [...new Set(textsOf(rows))].filter((text) => text !== "");
  const encoded = texts.map((text) => ({ text, bytes: encode(text) })).sort((a, b) => Buffer.compare(a.bytes, b.bytes));
  const at = new Map<string, readonly [number, number]>();
  let offset = 0;
  for (const { text, bytes } of encoded) {
    at.set(text, [offset, bytes.length]);
    offset += bytes.length;
  }
  return { bytes: Buffer.concat(encoded.map(({ bytes }) => bytes)), count: encoded.length, at };
}

function encode(text: string): Buffer {
  if (!text.isWellFormed())
    throw new PybunError("E_LOCK_INCOMPLETE", `a text of the lock is no Unicode: ${JSON.stringify(text.slice(0, 80))}`);
  const bytes = Buffer.from(text, "utf8");
  if (bytes.length > LOCK_LIMITS.stringBytes)
    throw tooLarge(
      `a text has ${bytes.length} bytes, and ${LOCK_LIMITS.stringBytes} are allowed: ${text.slice(0, 80)}`,
    );
  return bytes;
}

function* textsOf(rows: Rows): Iterable<string> {
  for (const { package: each, source } of rows.entries)
    yield* [each.name, each.version, source.source, each.requiresPython, source.detail];
  for (const { file, location } of rows.artifacts) yield* [file.filename, location];
  for (const { root, owner } of rows.roots) yield* [root.requirement, owner];
  yield* rows.extras;
  yield* rows.markers;
  yield* rows.platforms;
  for (const pair of rows.meta) yield* pair;
  yield* rows.forks;
  yield* rows.specifiers;
}

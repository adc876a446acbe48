import { PybunError } from "../error.ts";
import { tooLarge } from "./incomplete.ts";
import { LOCK_LIMITS } from "./layout.ts";
import type { Rows } from "./rows.ts";

/** All texts of a lock, each once, in the order of their bytes (SPEC DPL-10). */
export interface StringTable {
  readonly bytes: Buffer;
  readonly count: number;
  /** Which text it is, in the order of the table. */
  readonly numbers: ReadonlyMap<string, number>;
  /** Where texts begin in the table, and their lengths in bytes. */
  readonly offsets: Uint32Array;
  readonly lengths: Uint32Array;
}

/** Throws `E_LIMIT` for a text that is too long, `E_LOCK_INCOMPLETE` for one that UTF-8 has no form for. */
export function stringTable(rows: Rows): StringTable {
  const found = new Set<string>();
  collectTexts(rows, found);
  found.delete("");
  const sorted = [...found].sort();
  const whole = sorted.join("");
  const isAscii = Buffer.byteLength(whole) === whole.length;
  const texts = isAscii ? sorted : sortByBytes(sorted, whole);
  const bytes = Buffer.from(isAscii ? whole : texts.join(""), isAscii ? "latin1" : "utf8");
  const numbers = new Map<string, number>();
  const [offsets, lengths] = [new Uint32Array(texts.length), new Uint32Array(texts.length)];
  let end = 0;
  for (let number = 0; number < texts.length; number++) {
    const text = texts[number]!;
    const length = isAscii ? text.length : Buffer.byteLength(text);
    if (length > LOCK_LIMITS.stringBytes) throw tooLong(text, length);
    numbers.set(text, number);
    offsets[number] = end;
    lengths[number] = length;
    end += length;
  }
  return { bytes, count: texts.length, numbers, offsets, lengths };
}

/** The order of UTF-16, which they have, is that of UTF-8 where there are no surrogates. */
function sortByBytes(texts: string[], whole: string): readonly string[] {
  if (!/[\ud800-\udfff]/.test(whole)) return texts;
  const broken = texts.find((text) => !text.isWellFormed());
  if (broken !== undefined) {
    const shown = JSON.stringify(broken.slice(0, 80));
    throw new PybunError("E_LOCK_INCOMPLETE", `a text of the lock is no Unicode: ${shown}`);
  }
  return texts.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

const tooLong = (text: string, length: number): PybunError =>
  tooLarge(`a text has ${length} bytes, and ${LOCK_LIMITS.stringBytes} are allowed: ${text.slice(0, 80)}`);

function collectTexts(rows: Rows, into: Set<string>): void {
  for (const { package: each, source } of rows.entries)
    for (const text of [each.name, each.version, source.source, each.requiresPython, source.detail]) into.add(text);
  for (const { file, location } of rows.artifacts) into.add(file.filename).add(location);
  for (const { root, owner } of rows.roots) into.add(root.requirement).add(owner);
  for (const [key, value] of rows.meta) into.add(key).add(value);
  for (const list of [rows.extras, rows.markers, rows.platforms, rows.forks, rows.specifiers])
    for (const text of list) into.add(text);
}

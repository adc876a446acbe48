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
  const found = new Set<string>();
  collectTexts(rows, found);
  found.delete("");
  const texts = sortByBytes([...found]);
  const whole = texts.join("");
  const bytes = Buffer.from(whole, "utf8");
  const isAscii = bytes.length === whole.length;
  const at = new Map<string, readonly [number, number]>();
  let end = 0;
  for (const text of texts) {
    const length = isAscii ? text.length : Buffer.byteLength(text);
    if (length > LOCK_LIMITS.stringBytes) throw tooLong(text, length);
    at.set(text, [end, length]);
    end += length;
  }
  return { bytes, count: texts.length, at };
}

/** The order of UTF-16 is that of UTF-8 where there are no surrogates. */
function sortByBytes(texts: string[]): readonly string[] {
  if (!/[\ud800-\udfff]/.test(texts.join(""))) return texts.sort();
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

const HEADER = /^\s*\[\[?\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$/;
const ENTRY = /^\s*((?:"(?:[^"\\]|\\.)*"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:"(?:[^"\\]|\\.)*"|'[^']*'|[\w-]+))*)\s*=/;
const PART = /"((?:[^"\\]|\\.)*)"|'([^']*)'|([\w-]+)/g;

/**
 * The 1-based line on which a TOML text sets a dotted key, for a message; undefined where it is not found. Reads lines
 * rather than TOML (a parser with positions takes 20 ms to load): keys inside inline tables are found by their table.
 */
export function tomlLine(text: string, path: readonly string[]): number | undefined {
  let table: readonly string[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const header = HEADER.exec(line)?.[1];
    if (header !== undefined) {
      table = partsOf(header);
      if (isPrefix(path, table)) return index + 1;
      continue;
    }
    const key = ENTRY.exec(line)?.[1];
    if (key === undefined) continue;
    const full = [...table, ...partsOf(key)];
    if (isPrefix(path, full) || (full.length > table.length && isPrefix(full, path))) return index + 1;
  }
  return undefined;
}

const partsOf = (key: string): readonly string[] =>
  Array.from(key.matchAll(PART), ([, basic, literal, bare]) => basic ?? literal ?? bare ?? "");

const isPrefix = (prefix: readonly string[], path: readonly string[]): boolean =>
  prefix.length <= path.length && prefix.every((part, index) => part === path[index]);

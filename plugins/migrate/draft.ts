import { lineStart, nextLine, type TomlDocument, type TomlPath } from "../../plugin-api/toml-document.ts";
import { formatTomlKey, type TomlValue } from "../../plugin-api/toml-value.ts";

/** A value with the comments that stand with what it was made from. */
export interface Item {
  readonly value: TomlValue;
  /** Behind it on its line, with `#`. */
  readonly comment?: string;
  /** Whole lines above it. */
  readonly above?: readonly string[];
}
type Table = Map<string, Item>;

/** What stays where it is, and why. */
export interface Left {
  readonly line: number;
  readonly key: string;
  readonly reason: string;
}

/** What another tool's tables come to; filled by the converters, in the order things are written. */
export interface Draft {
  /** Simple keys of `[project]`. */
  readonly project: Table;
  readonly dependencies: Item[];
  readonly optional: Map<string, Item[]>;
  /** Texts, and `{ include-group = "…" }`. */
  readonly groups: Map<string, Item[]>;
  /** Further tables, by dotted path such as `project.scripts`. */
  readonly tables: Map<string, { readonly path: readonly string[]; readonly entries: Table }>;
  /** Keys of `[tool.pybun]`. */
  readonly settings: Table;
  readonly indexes: Readonly<Record<string, TomlValue>>[];
  readonly sources: Table;
  readonly tasks: Table;
  /** Paths in the file that are said otherwise now. */
  readonly removed: TomlPath[];
  /** Values in the file that are replaced. */
  readonly replaced: { readonly path: TomlPath; readonly value: TomlValue }[];
  readonly left: Left[];
}

export const newDraft = (): Draft => ({
  project: new Map(),
  dependencies: [],
  optional: new Map(),
  groups: new Map(),
  tables: new Map(),
  settings: new Map(),
  indexes: [],
  sources: new Map(),
  tasks: new Map(),
  removed: [],
  replaced: [],
  left: [],
});

/** The entries of one more table, made at the first call. */
export function tableIn(draft: Draft, ...path: readonly string[]): Table {
  const key = formatTomlKey(...path);
  const found = draft.tables.get(key) ?? { path, entries: new Map() };
  draft.tables.set(key, found);
  return found.entries;
}

/** The list of a name, made at the first call. */
export function listIn(lists: Map<string, Item[]>, name: string): Item[] {
  const found = lists.get(name) ?? [];
  lists.set(name, found);
  return found;
}

/** 1-based line of a path in a text; of the table it is in, where it has no line of its own. */
export function lineOf(document: TomlDocument, path: TomlPath): number {
  const same = (own: TomlPath): boolean => own.length <= path.length && own.every((part, at) => part === path[at]);
  const entry = document.entries.filter((each) => same(each.path)).sort((a, b) => b.path.length - a.path.length)[0];
  const table = document.tables.filter((each) => same(each.path)).sort((a, b) => b.path.length - a.path.length)[0];
  const isEntry = entry && entry.path.length >= (table?.path.length ?? 0);
  const offset = isEntry ? entry.span[0] : (table?.header[0] ?? 0);
  return document.text.slice(0, offset).split("\n").length;
}

/** The comments that belong to an entry: behind it on its line, and in whole lines directly above. */
export function commentsOf({ text, entries, comments }: TomlDocument, path: TomlPath): Pick<Item, "comment" | "above"> {
  const entry = entries.find(
    (each) => each.path.length === path.length && each.path.every((part, at) => part === path[at]),
  );
  if (!entry || entry.inline) return {};
  const end = nextLine(text, entry.span[1]);
  const behind = comments.find(([start]) => start >= entry.span[1] && start < end);
  const start = lineStart(text, entry.span[0]);
  const lines = text.slice(commentsStart(text, start), start).split("\n").slice(0, -1);
  const above = lines.map((line) => line.trim());
  return {
    ...(behind && { comment: text.slice(...behind).trimEnd() }),
    ...(above.length > 0 && { above }),
  };
}

/** Where the comment lines directly above a line begin; the line itself where there are none. */
export function commentsStart(text: string, line: number): number {
  let start = line;
  while (start > 0) {
    const before = lineStart(text, start - 1);
    if (!text.slice(before, start).trimStart().startsWith("#")) break;
    start = before;
  }
  return start;
}

/** A value with the comments of the entry it comes from. */
export const itemOf = (document: TomlDocument, path: TomlPath, value: TomlValue): Item => ({
  value,
  ...commentsOf(document, path),
});

/** Notes what can't be said in the standard tables or PyBun's. */
export function leave(
  draft: Draft,
  { document, path }: { readonly document: TomlDocument; readonly path: TomlPath },
  reason: string,
): void {
  draft.left.push({ line: lineOf(document, path), key: formatTomlKey(...path), reason });
}

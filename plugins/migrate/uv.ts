import { appendToTomlArray, itemsOfTomlArray } from "../../plugin-api/toml-array.ts";
import {
  lineEnd,
  lineStart,
  nextLine,
  openToml,
  type Span,
  splice,
  type TomlDocument,
  type TomlEntry,
  type TomlTable,
} from "../../plugin-api/toml-document.ts";
import { setTomlKey, unsetTomlKey } from "../../plugin-api/toml-edit.ts";
import { formatTomlKey, type TomlValue } from "../../plugin-api/toml-value.ts";
import { commentsStart, type Left, lineOf } from "./draft.ts";

/** What uv calls as PyBun does, and means the same. */
const SAME = `
  cache-dir conflicts default-groups dependency-metadata environments exclude-dependencies
  exclude-newer exclude-newer-package extra-index-url find-links fork-strategy index
  index-strategy index-url no-binary no-binary-package no-build no-build-package no-index offline
  package prerelease python-downloads required-environments resolution sources workspace
`
  .trim()
  .split(/\s+/);
const RENAMED: Readonly<Record<string, string>> = {
  "constraint-dependencies": "constraints",
  "override-dependencies": "overrides",
  "config-settings": "build.config-settings",
  "allow-insecure-host": "http.trusted-host",
  "concurrent-downloads": "concurrency.downloads",
  ...Object.fromEntries(SAME.map((key) => [key, key])),
};
const INDEX_KEYS = ["name", "url", "explicit", "default", "format", "exclude-newer"];
/** Words that uv has other ones for. */
const WORDS: Readonly<Record<string, Readonly<Record<string, TomlValue>>>> = {
  prerelease: { "if-necessary-or-explicit": "if-necessary" },
};

/** `[tool.uv]` as `[tool.pybun]`: lines and their comments are moved or renamed as they are. Pure. */
export function convertUv(before: string): { readonly text: string; readonly left: readonly Left[] } {
  const left: Left[] = [];
  const document = openToml(before);
  let text = withHeaders(document, left);
  text = withDirect(text, { left, original: document });
  return { text: withWords(text), left };
}

const isOwn = ({ path }: TomlTable | TomlEntry): boolean => path[0] === "tool" && path[1] === "uv";
const isOurs = ({ path }: TomlTable | TomlEntry): boolean => path[0] === "tool" && path[1] === "pybun";

/** `[tool.uv.sources]` becomes `[tool.pybun.sources]`. */
function withHeaders(document: TomlDocument, left: Left[]): string {
  const { text, tables, entries } = document;
  const edits: { readonly span: Span; readonly text: string }[] = [];
  for (const table of tables.filter((each) => isOwn(each) && each.path.length > 2)) {
    const key = String(table.path[2]);
    const isTaken = [...tables, ...entries].some((each) => isOurs(each) && each.path[2] === key);
    const reason = !SAME.includes(key)
      ? "nothing stands for it"
      : isTaken
        ? `there is a \`tool.pybun.${key}\` already`
        : undefined;
    if (reason !== undefined) {
      left.push({ line: lineOf(document, table.path), key: formatTomlKey(...table.path), reason });
      continue;
    }
    if (key === "index") tellIndexKeys(document, table, left);
    const header = text.slice(...table.header);
    edits.push({ span: table.header, text: header.replace(/^(\[\[?\s*tool\s*\.\s*)(?:uv|"uv"|'uv')/, "$1pybun") });
  }
  return edits.toReversed().reduce((edited, edit) => splice(edited, edit.span, edit.text), text);
}

function tellIndexKeys(document: TomlDocument, table: TomlTable, left: Left[]): void {
  for (const { path } of document.entries)
    if (table.path.every((part, at) => path[at] === part) && path.length === table.path.length + 1) {
      const key = String(path.at(-1));
      if (!INDEX_KEYS.includes(key))
        left.push({ line: lineOf(document, path), key: formatTomlKey(...path), reason: "nothing stands for it" });
    }
}

interface Directly {
  readonly left: Left[];
  readonly original: TomlDocument;
}

/** The keys directly below `[tool.uv]`: those that are known go to `[tool.pybun]`, line by line. */
function withDirect(before: string, { left, original }: Directly): string {
  const document = openToml(before);
  const header = document.tables.find((each) => isOwn(each) && each.path.length === 2);
  const own = document.entries.filter((each) => isOwn(each) && !each.inline && each.path.length > 2);
  const direct = header ? own.filter(({ span }) => header.ends.includes(span[1])) : [];
  const moved: string[] = [];
  const cuts: Span[] = [];
  let development: TomlEntry | undefined;
  for (const entry of direct) {
    const key = String(entry.path[2]);
    const renamed = RENAMED[key];
    if (key === "dev-dependencies") development = entry;
    else if (renamed === undefined || document.entries.some((each) => isOurs(each) && each.path[2] === key))
      left.push({
        line: lineOf(original, entry.path),
        key: formatTomlKey(...entry.path),
        reason: "nothing stands for it",
      });
    else {
      const span = withComments(before, entry);
      const at = entry.span[0] - span[0];
      const lines = before.slice(...span);
      moved.push(lines.slice(0, at) + lines.slice(at).replace(/^[\w"'-]+/, renamed));
      cuts.push(span);
    }
  }
  if (development) cuts.push(withComments(before, development));
  let text = cuts.sort((a, b) => b[0] - a[0]).reduce((edited, cut) => splice(edited, cut, ""), before);
  text = withLines(text, { moved, at: header });
  if (development) text = withGroup(text, development);
  return withoutHeader(text);
}

/** The lines of an entry, with the comments above that are its own. */
const withComments = (text: string, { span }: TomlEntry): Span => [
  commentsStart(text, lineStart(text, span[0])),
  nextLine(text, span[1]),
];

function withLines(
  text: string,
  { moved, at }: { readonly moved: readonly string[]; readonly at: TomlTable | undefined },
): string {
  if (moved.length === 0 || !at) return text;
  const { tables, newline } = openToml(text);
  const lines = moved.map((each) => (each.endsWith("\n") ? each : each + newline)).join("");
  const ours = tables.find((each) => isOurs(each) && each.path.length === 2);
  if (ours) {
    const end = nextLine(text, lineEnd(text, ours.ends.at(-1) ?? ours.header[1]));
    return splice(text, [end, end], lines);
  }
  const start = lineStart(text, at.header[0]);
  return splice(text, [start, start], `[tool.pybun]${newline}${lines}${newline}`);
}

/** uv's older list of what developers need is the group `dev`. */
function withGroup(before: string, { value }: TomlEntry): string {
  if (value.type !== "TOMLArray") return before;
  const texts = value.elements.flatMap((item) =>
    item.type === "TOMLValue" && item.kind === "string" ? [item.value] : [],
  );
  const path = ["dependency-groups", "dev"];
  if (itemsOfTomlArray(before, path) === undefined) return setTomlKey(before, path, texts);
  return texts.reduce((text, each) => appendToTomlArray(text, path, each), before);
}

function withoutHeader(text: string): string {
  const { tables, entries } = openToml(text);
  const header = tables.find((each) => isOwn(each) && each.path.length === 2);
  const isUsed = header !== undefined && header.ends.length > 0;
  const hasBelow = tables.some((each) => isOwn(each) && each.path.length > 2) || entries.some(isOwn);
  if (!header || isUsed) return text;
  if (!hasBelow) return unsetTomlKey(text, ["tool", "uv"]);
  return splice(text, [lineStart(text, header.header[0]), nextLine(text, header.header[1])], "");
}

function withWords(before: string): string {
  let text = before;
  for (const [key, words] of Object.entries(WORDS)) {
    const entry = openToml(text).entries.find((each) => isOurs(each) && each.path.length === 3 && each.path[2] === key);
    const value = entry?.value.type === "TOMLValue" && entry.value.kind === "string" ? entry.value.value : undefined;
    const word = value === undefined ? undefined : words[value];
    if (word !== undefined) text = setTomlKey(text, ["tool", "pybun", key], word);
  }
  return text;
}

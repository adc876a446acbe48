import {
  isSamePath,
  lineEnd,
  lineStart,
  nextLine,
  openToml,
  splice,
  type TomlDocument,
  type TomlPath,
  type TomlTable,
} from "../../plugin-api/toml-document.ts";
import { commentsStart } from "./draft.ts";

/** Where something was taken out, no more blank lines stay than stood on one side of it. */
export function closed(before: string, after: string): string {
  let at = 0;
  while (at < after.length && before[at] === after[at]) at++;
  const above = /(?:\r?\n)*$/.exec(after.slice(0, at))?.[0] ?? "";
  const below = /^(?:\r?\n)*/.exec(after.slice(at))?.[0] ?? "";
  const isAtEnd = at + below.length === after.length;
  const lines = (text: string): number => text.split("\n").length - 1;
  // A line end closes the line above; the blank lines are those behind it.
  const most = isAtEnd ? Math.min(lines(above), 1) : Math.max(lines(above), lines(below) + 1);
  if (above === "" || lines(above) + lines(below) <= most) return after;
  const newline = above.includes("\r") ? "\r\n" : "\n";
  return after.slice(0, at - above.length) + newline.repeat(most) + after.slice(at + below.length);
}

/**
 * Headers of the tool's tables that have nothing of their own below them any more; tables below them need none. What is said about such
 * a table goes to what was made of it. One that held nothing but comments before stays as it is.
 */
export function withoutEmpty(before: string, tool: string, original: TomlDocument): string {
  let text = before;
  const own = openToml(before).tables.filter(({ path, isArray }) => path[0] === "tool" && path[1] === tool && !isArray);
  for (const { path } of own) {
    const document = openToml(text);
    const table = tableAt(document, path);
    if (!table || table.ends.length > 0) continue;
    const hadEntries = (tableAt(original, path)?.ends.length ?? 0) > 0;
    const below = commentsBelow(document, table);
    if (below[0] < below[1] && !hadEntries) continue;
    const start = commentsStart(text, lineStart(text, table.header[0]));
    const behind = text.slice(table.header[1], lineEnd(text, table.header[1])).trim();
    const above = text.slice(start, lineStart(text, table.header[0]));
    const said = `${above}\n${behind}\n${text.slice(...below)}`.split("\n").flatMap((line) => line.trim() || []);
    const without = closed(text, splice(text, [start, Math.max(below[1], nextLine(text, table.header[1]))], ""));
    text = said.length === 0 ? without : withAbove(without, path, said);
  }
  return text;
}

const tableAt = ({ tables }: TomlDocument, path: TomlPath): TomlTable | undefined =>
  tables.find((each) => isSamePath(each.path, path));

/** Whole lines of comments from the header's on, up to a blank line or what is said about the next table. */
function commentsBelow({ text, tables }: TomlDocument, { header }: TomlTable): readonly [start: number, end: number] {
  const start = nextLine(text, header[1]);
  const next = tables.find((each) => each.header[0] > header[0])?.header[0];
  const most = next === undefined ? text.length : commentsStart(text, lineStart(text, next));
  let end = start;
  while (end < most && text.slice(end, lineEnd(text, end)).trimStart().startsWith("#")) end = nextLine(text, end);
  return [start, end];
}

/** Lines above what a table of the tool's became, or else above the project. */
function withAbove(text: string, path: TomlPath, lines: readonly string[]): string {
  const { entries, tables, newline } = openToml(text);
  for (const place of [placeOf(path), ["project"]]) {
    const entry = entries.find((each) => !each.inline && isSamePath(each.path, place));
    const at = entry?.span[0] ?? tables.find((each) => isSamePath(each.path, place))?.header[0];
    if (at === undefined) continue;
    const start = lineStart(text, at);
    return splice(text, [start, start], lines.map((line) => line + newline).join(""));
  }
  return text;
}

/** Where the standards have what a table of Poetry's or PDM's held. */
function placeOf([, , kind, name]: TomlPath): TomlPath {
  switch (kind) {
    case "dependencies":
      return ["project", "dependencies"];
    case "extras":
      return ["project", "optional-dependencies"];
    case "dev-dependencies":
      return ["dependency-groups"];
    case "group":
      return ["dependency-groups", name ?? ""];
    case "scripts":
    case "urls":
      return ["project", kind];
    case "plugins":
      return ["project", "entry-points", name ?? ""];
    default:
      return ["project"];
  }
}

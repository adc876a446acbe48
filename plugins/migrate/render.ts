import { appendToTomlArray, itemsOfTomlArray } from "../../plugin-api/toml-array.ts";
import {
  lineStart,
  nextLine,
  openToml,
  splice,
  type TomlDocument,
  type TomlPath,
} from "../../plugin-api/toml-document.ts";
import { setTomlKey, unsetTomlKey } from "../../plugin-api/toml-edit.ts";
import { formatTomlKey, formatTomlValue } from "../../plugin-api/toml-value.ts";
import { commentsStart, type Draft, type Item } from "./draft.ts";
import { closed, withoutEmpty } from "./emptied.ts";

/**
 * The text with all that a draft says. Where there is no `[project]` yet, the standard tables come as one block in the place of the
 * tool's first table; else they are filled up, each key in its span. What is said otherwise now goes, everything else stays.
 */
export function rewritten(text: string, draft: Draft, tool: string): string {
  const document = openToml(text);
  const isNew = !document.tables.some(({ path }) => path[0] === "project") && !hasTop(document, "project");
  let after = isNew ? withBlock(document, draft, tool) : filledUp(text, draft);
  for (const { path, value } of draft.replaced) after = setTomlKey(after, path, value);
  for (const path of draft.removed) after = without(after, path);
  after = withoutEmpty(after, tool, document);
  after = withOurs(after, draft);
  return after;
}

/** An entry goes with the comments above it, which went with what was made of it. */
function without(text: string, path: TomlPath): string {
  const { entries } = openToml(text);
  const entry = entries.find(
    (each) => each.path.length === path.length && each.path.every((part, at) => part === path[at]),
  );
  if (!entry || entry.inline) return closed(text, unsetTomlKey(text, path));
  return splice(text, [commentsStart(text, lineStart(text, entry.span[0])), nextLine(text, entry.span[1])], "");
}

const hasTop = ({ entries }: TomlDocument, name: string): boolean => entries.some(({ path }) => path[0] === name);

function withBlock(document: TomlDocument, draft: Draft, tool: string): string {
  const { text, newline, tables } = document;
  const block = blockOf(draft).join("\n").replaceAll("\n", newline);
  const first = tables.find(({ path }) => path[0] === "tool" && path[1] === tool);
  if (!first) return text.trim() === "" ? block + newline : `${block}${newline}${newline}${text.trimStart()}`;
  let at = lineStart(text, first.header[0]);
  // Comments above the tool's table are about the project.
  return splice(text, [at, at], `${block}${newline}${newline}`);
}

/** Lines of the standard tables. */
function blockOf(draft: Draft): readonly string[] {
  const lines: string[] = ["[project]", ...[...draft.project].flatMap(([key, item]) => entryLines(key, item))];
  if (draft.dependencies.length > 0) lines.push(...listLines("dependencies", draft.dependencies));
  if (draft.optional.size > 0) lines.push("", "[project.optional-dependencies]", ...listsOf(draft.optional));
  for (const { path, entries } of draft.tables.values())
    lines.push("", `[${formatTomlKey(...path)}]`, ...[...entries].flatMap(([key, item]) => entryLines(key, item)));
  if (draft.groups.size > 0) lines.push("", "[dependency-groups]", ...listsOf(draft.groups));
  return lines;
}

const listsOf = (lists: ReadonlyMap<string, readonly Item[]>): readonly string[] =>
  [...lists].flatMap(([name, items]) => listLines(name, items));

const behind = ({ comment }: Item): string => (comment === undefined ? "" : ` ${comment}`);

/** A list that is longer than this in one line gets a line for each item. */
const WIDEST = 100;

function entryLines(key: string, item: Item): readonly string[] {
  const line = `${formatTomlKey(key)} = ${formatTomlValue(item.value)}${behind(item)}`;
  const lines =
    Array.isArray(item.value) && line.length > WIDEST
      ? [
          ...(item.comment === undefined ? [] : [item.comment]),
          ...listLines(
            key,
            item.value.map((value) => ({ value })),
          ),
        ]
      : [line];
  return [...(item.above ?? []), ...lines];
}

const listLines = (name: string, items: readonly Item[]): readonly string[] =>
  items.length === 0
    ? [`${formatTomlKey(name)} = []`]
    : [
        `${formatTomlKey(name)} = [`,
        ...items.flatMap((item) => [
          ...(item.above ?? []).map((line) => `    ${line}`),
          `    ${formatTomlValue(item.value)},${behind(item)}`,
        ]),
        "]",
      ];

/** Into a `[project]` that is there: what it says already is left as it is. */
function filledUp(before: string, draft: Draft): string {
  let text = before;
  const { entries } = openToml(before);
  const has = (...path: readonly string[]): boolean =>
    entries.some((entry) => path.every((part, at) => entry.path[at] === part));
  const append = (path: readonly string[], items: readonly Item[]): void => {
    const known = new Set(itemsOfTomlArray(text, path) ?? []);
    for (const { value } of items)
      if (typeof value !== "string" || !known.has(value)) text = appendToTomlArray(text, path, value);
  };
  for (const [key, { value }] of draft.project)
    if (!has("project", key)) text = setTomlKey(text, ["project", key], value);
  append(["project", "dependencies"], draft.dependencies);
  for (const [extra, items] of draft.optional) append(["project", "optional-dependencies", extra], items);
  for (const { path, entries: table } of draft.tables.values())
    for (const [key, { value }] of table) if (!has(...path, key)) text = setTomlKey(text, [...path, key], value);
  if (draft.groups.size > 0 && !has("dependency-groups")) {
    const { newline } = openToml(text);
    const lines = ["[dependency-groups]", ...listsOf(draft.groups)].join("\n").replaceAll("\n", newline);
    return `${text.trimEnd()}${newline}${newline}${lines}${newline}`;
  }
  for (const [group, items] of draft.groups) append(["dependency-groups", group], items);
  return text;
}

/** `[tool.pybun]` and what is below it, at the end. */
function withOurs(before: string, { settings, indexes, sources, tasks }: Draft): string {
  let text = before;
  for (const [key, { value }] of settings) text = setTomlKey(text, ["tool", "pybun", ...key.split(".")], value);
  const blocks = [
    ...indexes.map((table) => [
      "[[tool.pybun.index]]",
      ...Object.entries(table).flatMap(([key, value]) => entryLines(key, { value })),
    ]),
    ...(
      [
        ["sources", sources],
        ["tasks", tasks],
      ] as const
    ).flatMap(([name, table]) =>
      table.size === 0 || openToml(text).tables.some(({ path }) => path.join(".") === `tool.pybun.${name}`)
        ? []
        : [[`[tool.pybun.${name}]`, ...[...table].flatMap(([key, item]) => entryLines(key, item))]],
    ),
  ];
  const newline = openToml(before).newline;
  for (const lines of blocks) text = `${text.trimEnd()}${newline}${newline}${lines.join(newline)}${newline}`;
  return text;
}

import fs from "node:fs";
import path from "node:path";
import { parse } from "smol-toml";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isTable, openProjectText } from "../../plugin-api/project/project-text.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import { parseRequirement } from "../../plugin-api/python/requirement.ts";
import { isSamePath, openToml, type TomlPath } from "../../plugin-api/toml-document.ts";
import { dropRequirement, putRequirement } from "../../plugins/dependencies/edit-list.ts";
import { type List, listPath } from "../../plugins/dependencies/lists.ts";
import { dropSource, putSource } from "../../plugins/dependencies/sources.ts";

/** Projects of every shape that people give their files; a file more is a case more of each kind below. */
const FILES = fs
  .readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith(".toml"))
  .sort()
  .map((name) => ({
    name: path.basename(name, ".toml"),
    text: fs.readFileSync(path.join(import.meta.dirname, name), "utf8"),
  }));

type Table = Record<string, unknown>;
const readable = (text: string): string => text.replace(/^\uFEFF/, "");
const read = (text: string): Table => parse(readable(text));
const source = (text: string) => openProjectText(readable(text), { file: "", shown: "" });

function valueAt(table: Table, at: TomlPath): unknown {
  return at.reduce<unknown>((holder, key) => (isTable(holder) ? holder[key as string] : undefined), table);
}
function withValue(table: Table, at: TomlPath, value: unknown): Table {
  const [key, ...rest] = at as readonly string[];
  const holder = (table[key as string] ?? {}) as Table;
  return { ...table, [key as string]: rest.length === 0 ? value : withValue(holder, rest, value) };
}
/** The same whatever the order of keys. */
const meaning = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(meaning)
    : value instanceof Date
      ? value.toISOString()
      : isTable(value)
        ? Object.fromEntries(
            Object.entries(value)
              .sort(([a], [b]) => (a < b ? -1 : 1))
              .map(([key, item]) => [key, meaning(item)]),
          )
        : value;
const meansTheSame = (text: string, expected: Table): void => assert.equal(meaning(read(text)), meaning(expected));

/** All lists of a project, those that may be made among them. */
function listsIn(text: string): readonly List[] {
  const { project, "dependency-groups": groups } = read(text) as { project?: Table; "dependency-groups"?: Table };
  const extras = Object.keys(project?.["optional-dependencies"] ?? {});
  return [
    { kind: "dependencies" },
    { kind: "group", name: "dev" },
    ...Object.keys(groups ?? {}).flatMap((name): List[] =>
      name === "dev" ? [] : [{ kind: "group", name: normalizeName(name) }],
    ),
    { kind: "group", name: "brand-new" },
    ...extras.map((name): List => ({ kind: "optional", name: normalizeName(name) })),
    { kind: "optional", name: "brand-new" },
  ];
}

/** Where a list's brackets stand; undefined where there is none. */
const spanOf = (text: string, at: TomlPath) =>
  openToml(text).entries.find((entry) => isSamePath(entry.path, at))?.value.range;

/** Nothing outside of the list's brackets is another; a list that was not there is one piece put in between. */
function onlyTouches(before: string, after: string, at: TomlPath): void {
  const span = spanOf(before, at);
  if (span) {
    assert.is(after.slice(0, span[0]), before.slice(0, span[0]), "before the list");
    assert.ok(after.endsWith(before.slice(span[1])), "behind the list");
    return;
  }
  let same = 0;
  while (same < before.length && before[same] === after[same]) same++;
  const rest = before.length - same;
  assert.ok(rest === 0 || after.endsWith(before.slice(same)), "one piece was put in");
}

/** Comments, and the very words of all other items, are what they were. */
function keepsOthers([before, after]: readonly [string, string], at: TomlPath, but: readonly number[] = []): void {
  const wordsOf = (text: string) => {
    const document = openToml(text);
    const value = document.entries.find((entry) => isSamePath(entry.path, at))?.value;
    const items = value?.type === "TOMLArray" ? value.elements.map(({ range }) => text.slice(...range)) : [];
    return { items, comments: document.comments.map(([start, end]) => text.slice(start, end)) };
  };
  const [old, now] = [wordsOf(before), wordsOf(after)];
  const kept = old.items.filter((_item, index) => !but.includes(index));
  const left = [...now.items];
  for (const item of kept) {
    const index = left.indexOf(item);
    assert.ok(index >= 0, `${item} is still there, in order`);
    left.splice(0, index + 1);
  }
  if (but.length === 0) assert.equal(now.comments, old.comments);
  else assert.ok(now.comments.every((comment) => old.comments.includes(comment)));
}

/** Line ends and blanks at the ends of lines are not mixed. */
function keepsStyle(before: string, after: string): void {
  if (/\r\n/.test(before)) assert.not.match(after, /(?<!\r)\n/);
  else assert.not.match(after, "\r");
  const trailing = (text: string) => text.split("\n").filter((line) => /[ \t]\r?$/.test(line)).length;
  assert.ok(trailing(after) <= trailing(before), "no blanks at the end of a line");
}

/** Lists with a line for each item: whole lines come, but for a comma at the end of the last one. */
function addsOneLine(before: string, after: string): void {
  const [old, now] = [before.split("\n"), after.split("\n")];
  const gone = old.filter((line) => !now.includes(line));
  assert.ok(gone.length <= 1, `${gone.length} lines are others`);
  for (const line of gone)
    assert.ok(
      now.some((each) => each.replaceAll(",", "") === line.replaceAll(",", "")),
      `${line} has a comma more`,
    );
  assert.is(now.length, old.length + 1);
}
function hasLines(text: string, at: TomlPath): boolean {
  const value = openToml(text).entries.find((entry) => isSamePath(entry.path, at))?.value;
  if (value?.type !== "TOMLArray" || value.elements.length === 0) return false;
  return value.elements.every(({ range }) => /(?:^|\n)[ \t]*$/.test(text.slice(0, range[0])));
}

const nameOf = (item: unknown): string | undefined => {
  try {
    return typeof item === "string" ? parseRequirement(item).name : undefined;
  } catch {
    return undefined;
  }
};
const isSorted = (names: readonly (string | undefined)[]): boolean =>
  names.every((name, index) => index === 0 || (names[index - 1] ?? "") <= (name ?? ""));

const NEW = ["aaa-first>=1", "mmm-middle", "zzz-last[fast]>=2,<3; python_version < '4'"];
let edits = 0;

for (const { name, text } of FILES)
  for (const list of listsIn(text))
    test(`${name}: add to ${list.kind} ${"name" in list ? list.name : ""}`, () => {
      const at = listPath(source(text), list);
      for (const words of NEW) {
        const { text: after, from, to } = putRequirement(text, at, { requirement: parseRequirement(words) });
        assert.equal([from, parseRequirement(to)], [undefined, parseRequirement(words)]);
        const old = (valueAt(read(text), at) ?? []) as readonly unknown[];
        const now = valueAt(read(after), at) as readonly unknown[];
        assert.equal(
          now.filter((item) => item !== to),
          old,
          "the others, in their order",
        );
        meansTheSame(after, withValue(read(text), at, now));
        const names = old.filter((item) => typeof item === "string").map(nameOf);
        if (isSorted(names))
          assert.ok(isSorted(now.filter((item) => typeof item === "string").map(nameOf)), "still sorted");
        onlyTouches(text, after, at);
        keepsOthers([text, after], at);
        keepsStyle(text, after);
        if (hasLines(text, at)) addsOneLine(text, after);
        edits++;
      }
    });

for (const { name, text } of FILES)
  test(`${name}: change and remove each dependency`, () => {
    for (const list of listsIn(text)) {
      const at = listPath(source(text), list);
      const old = (valueAt(read(text), at) ?? []) as readonly unknown[];
      for (const item of new Set(old.map(nameOf))) {
        if (item === undefined) continue;
        const indexes = old.flatMap((each, index) => (nameOf(each) === item ? [index] : []));
        const { text: without, gone } = dropRequirement(text, at, item);
        assert.equal(
          gone,
          indexes.map((index) => old[index]),
        );
        meansTheSame(
          without,
          withValue(
            read(text),
            at,
            old.filter((_each, index) => !indexes.includes(index)),
          ),
        );
        onlyTouches(text, without, at);
        keepsOthers([text, without], at, indexes);
        keepsStyle(text, without);
        edits++;
        if (indexes.length > 1) continue;
        const [index] = indexes as [number];
        const before = parseRequirement(old[index] as string);
        const asked = parseRequirement(`${item}[extra9]>=9`);
        const changed = putRequirement(text, at, { requirement: asked });
        assert.is(changed.from, old[index]);
        const { url: _, ...rest } = before;
        assert.equal(parseRequirement(changed.to), {
          ...rest,
          extras: [...new Set([...before.extras, "extra9"])].sort(),
          specifier: ">=9",
        });
        assert.ok(
          changed.to.startsWith(/^[\w.-]+/.exec((old[index] as string).trim())?.[0] ?? "?"),
          "its name as it was spelled",
        );
        meansTheSame(changed.text, withValue(read(text), at, old.with(index, changed.to)));
        onlyTouches(text, changed.text, at);
        keepsOthers([text, changed.text], at, [index]);
        assert.is(changed.text.split("\n").length, text.split("\n").length, "no line more or less");
        const same = putRequirement(changed.text, at, { requirement: parseRequirement(item) });
        assert.equal([same.text, same.from, same.to], [changed.text, changed.to, changed.to], "asked for without more");
        edits++;
      }
    }
  });

for (const { name, text } of FILES)
  test(`${name}: a source comes and goes, and nothing else does`, () => {
    const sources = (of: string): Table => {
      const tool = (read(of)["tool"] ?? {}) as Record<string, Table | undefined>;
      return meaning(tool["pybun"]?.["sources"] ?? tool["uv"]?.["sources"] ?? {}) as Table;
    };
    const after = putSource(text, "new-one", { git: "https://example.org/new.git", tag: "v1" });
    assert.equal(
      sources(after),
      meaning({ ...sources(text), "new-one": { git: "https://example.org/new.git", tag: "v1" } }),
    );
    keepsStyle(text, after);
    assert.equal(openToml(after).comments.length, openToml(text).comments.length);
    const others = (of: string) => ({ ...read(of), tool: undefined });
    assert.equal(meaning(others(after)), meaning(others(text)));
    const back = dropSource(after, "new-one");
    assert.equal(sources(back), sources(text));
    for (const each of Object.keys(sources(text))) {
      const without = dropSource(text, each);
      const { [each]: _, ...rest } = sources(text);
      assert.equal(sources(without), rest);
      assert.equal(meaning(others(without)), meaning(others(text)));
      edits++;
    }
    edits += 2;
  });

test("more than 200 edits were made", () => assert.ok(edits > 200, `${edits}`));

test.run();

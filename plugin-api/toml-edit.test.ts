import * as fc from "fast-check";
import { parse } from "smol-toml";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { InvalidSyntax } from "./error.ts";
import { appendToTomlArray, itemsOfTomlArray, removeFromTomlArray } from "./toml-array.ts";
import { setTomlKey, unsetTomlKey } from "./toml-edit.ts";
import { formatTomlKey, type TomlValue } from "./toml-value.ts";

interface Case {
  readonly name: string;
  readonly before: string;
  readonly edit: (text: string) => string;
  readonly after: string;
}
const set = (path: string, value: TomlValue) => (text: string) => setTomlKey(text, path.split("."), value);
const unset = (path: string) => (text: string) => unsetTomlKey(text, path.split("."));
const append = (path: string, value: string) => (text: string) => appendToTomlArray(text, path.split("."), value);
const remove = (path: string, index: number) => (text: string) => removeFromTomlArray(text, path.split("."), index);

const cases: readonly Case[] = [
  {
    name: "a value is replaced, its comment stays",
    before: "# top\n[tool.pybun] # mine\noffline = false   # why\nother = 1\n",
    edit: set("tool.pybun.offline", true),
    after: "# top\n[tool.pybun] # mine\noffline = true   # why\nother = 1\n",
  },
  {
    name: "a literal string stays literal",
    before: "a = 'x'\nb = 'x'\n",
    edit: (text) => set("b", "it's")(set("a", "y")(text)),
    after: "a = 'y'\nb = \"it's\"\n",
  },
  {
    name: "a new key goes behind the last of its table, indented as it",
    before: "[tool.pybun]\n  offline = false # x\n  # end\n\n[other]\na = 1\n",
    edit: set("tool.pybun.link.mode", "tree"),
    after: '[tool.pybun]\n  offline = false # x\n  link.mode = "tree"\n  # end\n\n[other]\na = 1\n',
  },
  {
    name: "the deepest table takes it",
    before: "[tool.pybun]\na = 1\n[tool.pybun.link]\n",
    edit: set("tool.pybun.link.mode", "tree"),
    after: '[tool.pybun]\na = 1\n[tool.pybun.link]\nmode = "tree"\n',
  },
  {
    name: "a table that headers below it make is opened at the end",
    before: "[tool.pybun]\na = 1\n[tool.pybun.link.x]\nb = 2",
    edit: set("tool.pybun.link.mode", "tree"),
    after: '[tool.pybun]\na = 1\n[tool.pybun.link.x]\nb = 2\n\n[tool.pybun.link]\nmode = "tree"\n',
  },
  {
    name: "an inline table takes it before its brace",
    before: "link = { mode = 'a' } # c\n",
    edit: (text) => set("link.copy", ["b"])(text),
    after: "link = { mode = 'a', copy = [\"b\"] } # c\n",
  },
  { name: "an empty inline table", before: "link = {}\n", edit: set("link.x", 1), after: "link = { x = 1 }\n" },
  {
    name: "a key outside tables goes behind the others",
    before: "a = 1 # one\n\n# about t\n[t]\nb = 2\n",
    edit: set("c", 3),
    after: "a = 1 # one\nc = 3\n\n# about t\n[t]\nb = 2\n",
  },
  {
    name: "the first key outside tables goes before them and their comments",
    before: "# about t\n[t]\nb = 2\n",
    edit: set("c", 3),
    after: "c = 3\n\n# about t\n[t]\nb = 2\n",
  },
  { name: "an empty file", before: "", edit: set("link.mode", "tree"), after: '[link]\nmode = "tree"\n' },
  { name: "a file of comments", before: "# x", edit: set("a", 1), after: "# x\na = 1\n" },
  {
    name: "dotted keys outside tables get a sibling",
    before: "link.mode = 'a'\nb = 1\n",
    edit: set("link.copy", true),
    after: "link.mode = 'a'\nlink.copy = true\nb = 1\n",
  },
  {
    name: "CRLF stays CRLF, a byte order mark stays",
    before: "\uFEFF[t]\r\na = 1\r\n",
    edit: set("t.b", "x\ny"),
    after: '\uFEFF[t]\r\na = 1\r\nb = "x\\ny"\r\n',
  },
  {
    name: "names that need quotes",
    before: '[sources]\n"a.b" = 1\n',
    edit: (text) => setTomlKey(text, ["sources", "c.d"], { index: "x y" }),
    after: '[sources]\n"a.b" = 1\n"c.d" = { index = "x y" }\n',
  },
  {
    name: "a key goes with its line, the comment above it stays",
    before: "[t]\n# about a\na = 1 # x\nb = 2\n",
    edit: unset("t.a"),
    after: "[t]\n# about a\nb = 2\n",
  },
  { name: "the last table", before: "[a]\nb = 1\r\n\r\n \n[t]\na = 1\n", edit: unset("t"), after: "[a]\nb = 1\r\n" },
  { name: "the table in between", before: "[a]\n\n[t]\nx = 1\n\n[z]\n", edit: unset("t"), after: "[a]\n\n[z]\n" },
  { name: "a key of several lines", before: "a = [\n  1,\n]\nb = 2\n", edit: unset("a"), after: "b = 2\n" },
  {
    name: "a table with all below it, the comment of the next one stays",
    before: "[a]\nx = 1\n[a.b]\ny = 1\n\n# about c\n[c]\nz = 1\n",
    edit: unset("a"),
    after: "# about c\n[c]\nz = 1\n",
  },
  { name: "first of braces", before: "t = { a = 1, b = 2 }\n", edit: unset("t.a"), after: "t = { b = 2 }\n" },
  { name: "last of braces", before: "t = { a = 1, b = 2 }\n", edit: unset("t.b"), after: "t = { a = 1 }\n" },
  { name: "dotted keys of one table", before: "a.b = 1\na.c = 2\nd = 3\n", edit: unset("a"), after: "d = 3\n" },
  { name: "nothing to remove", before: "a = 1\n", edit: unset("b.c"), after: "a = 1\n" },
  {
    name: "an item on one line",
    before: "d = ['a']\n",
    edit: append("d", "b"),
    after: "d = ['a', \"b\"]\n",
  },
  { name: "behind a trailing comma", before: "d = ['a',]\n", edit: append("d", "b"), after: "d = ['a', \"b\",]\n" },
  { name: "into an empty array", before: "d = [ ]\n", edit: append("d", "b"), after: 'd = ["b"]\n' },
  {
    name: "an item on a line of its own",
    before: 'd = [\n  "a", # first, really\n  "b", # second\n  # end\n]\n',
    edit: append("d", "c"),
    after: 'd = [\n  "a", # first, really\n  "b", # second\n  "c",\n  # end\n]\n',
  },
  {
    name: "no trailing comma, a comment with one",
    before: 'd = [\n\t"a",\n\t"b" # x, y\n]\n',
    edit: append("d", "c"),
    after: 'd = [\n\t"a",\n\t"b", # x, y\n\t"c"\n]\n',
  },
  { name: "empty brackets on two lines", before: "d = [\n]\n", edit: append("d", "c"), after: 'd = [\n    "c",\n]\n' },
  {
    name: "no array yet",
    before: "[project]\nname = 'x'\n",
    edit: append("project.d", "c"),
    after: "[project]\nname = 'x'\nd = [\"c\"]\n",
  },
  {
    name: "remove an item with its line and comment",
    before: 'd = [\n  "a",\n  "b", # x\n  "c"\n]\n',
    edit: remove("d", 1),
    after: 'd = [\n  "a",\n  "c"\n]\n',
  },
  { name: "remove the first of a line", before: 'd = ["a", "b"]\n', edit: remove("d", 0), after: 'd = ["b"]\n' },
  { name: "remove the last of a line", before: 'd = ["a", "b"] # x\n', edit: remove("d", 1), after: 'd = ["a"] # x\n' },
  { name: "remove the only one", before: 'd = ["a",]\n', edit: remove("d", 0), after: "d = []\n" },
  {
    name: "two items on a line of many",
    before: 'd = [\n  "a", "b",\n  "c",\n]\n',
    edit: remove("d", 1),
    after: 'd = [\n  "a",\n  "c",\n]\n',
  },
];
for (const { name, before, edit, after } of cases)
  test(name, () => {
    assert.is(edit(before), after);
    parse(after.replace("\uFEFF", ""));
  });

for (const [name, text, path] of [
  ["a table", "[a]\nb = 1\n", ["a"]],
  ["below a value", "a = 1\n", ["a", "b"]],
  ["an array of tables", "[[a]]\nb = 1\n", ["a", "b"]],
  ["no TOML", "a = = 1\n", ["a"]],
] as const)
  test(`refuses to set a key in ${name}`, () =>
    assert.throws(
      () => setTomlKey(text, path, 1),
      (error: unknown) => error instanceof InvalidSyntax,
    ));

test("what an array holds", () => {
  assert.equal(itemsOfTomlArray("d = ['a', \"b\"]", ["d"]), ["a", "b"]);
  assert.is(itemsOfTomlArray("", ["d"]), undefined);
  assert.throws(() => itemsOfTomlArray("d = 1", ["d"]));
  assert.throws(() => removeFromTomlArray("d = []", ["d"], 0), /no item/);
});

/** A document with tables, dotted keys, inline tables and comments, each key in its own place. */
const word = fc.constantFrom("a", "b", "c", "d.e", "f g");
const leaf = fc.oneof(fc.integer(), fc.boolean(), fc.string(), fc.array(fc.string(), { maxLength: 2 }));
const layout = fc.record({
  top: fc.dictionary(word, leaf, { maxKeys: 3 }),
  tables: fc.dictionary(
    word.map((name) => `t${name}`),
    fc.dictionary(word, leaf, { maxKeys: 3 }),
    { maxKeys: 3 },
  ),
  newline: fc.constantFrom("\n", "\r\n"),
  comment: fc.constantFrom("", "# note", "  # it's [x] = 1"),
});
type Layout = typeof layout extends fc.Arbitrary<infer T> ? T : never;

function write({ top, tables, newline, comment }: Layout): string {
  const pair = ([key, value]: readonly [string, TomlValue]) =>
    `${formatTomlKey(key)} = ${setTomlKey("", ["x"], value).slice(4, -1)} ${comment}`;
  const lines = [comment, ...Object.entries(top).map(pair)];
  for (const [name, entries] of Object.entries(tables))
    lines.push("", `[${formatTomlKey(name)}] ${comment}`, ...Object.entries(entries).map(pair));
  return lines.join(newline) + newline;
}

test("setting and unsetting change the one value and no other byte", () => {
  const paths = fc.oneof(
    word.map((name) => [name]),
    fc
      .tuple(
        word.map((name) => `t${name}`),
        word,
      )
      .map((parts) => [...parts]),
  );
  const property = fc.property(layout, paths, leaf, (shape, path, value) => {
    const before = write(shape);
    const after = setTomlKey(before, path, value);
    const wanted = structuredClone(parse(before)) as Record<string, Record<string, unknown>>;
    const [first, second] = path as [string, string | undefined];
    if (second === undefined) (wanted as Record<string, unknown>)[first] = value;
    else (wanted[first] ??= {})[second] = value;
    assert.equal(plain(parse(after)), plain(wanted));
    const isNew = lookUp(parse(before), path) === undefined;
    const same = commonEnds(before, after);
    if (isNew) assert.is(same, before.length, "an addition keeps every byte");
    else assert.equal(setTomlKey(after, path, lookUp(parse(before), path) as TomlValue), before);
    const without = unsetTomlKey(after, path);
    assert.is(lookUp(parse(without), path), undefined);
    for (const line of without.split("\n")) assert.ok(after.split("\n").includes(line));
  });
  fc.assert(property, { numRuns: 300 });
});

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const lookUp = (table: object, path: readonly string[]): unknown =>
  path.reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], table);

/** How many bytes of the shorter text are found at the start and the end of the other. */
function commonEnds(before: string, after: string): number {
  let head = 0;
  while (head < before.length && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < before.length - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  return head + tail;
}

/** An item, and what is left of the text without it. */
const BEHIND: readonly (readonly [what: string, text: string, index: number, left: string])[] = [
  ["beside the bracket", '[ "a", # of a\n  "b", # of b\n]\n', 0, '[\n  "b", # of b\n]\n'],
  ["on the last line", '["a", # of a\n  "b" # of b\n]\n', 1, '["a", # of a\n]\n'],
  ["commas in front, last", '[\n    "a" # of a\n  , "b" # of b\n]\n', 1, '[\n    "a" # of a\n]\n'],
  ["commas in front, first", '[\n    "a" # of a\n  , "b" # of b\n]\n', 0, '[\n    "b" # of b\n]\n'],
  ["of two items", '[\n  "a", "b", # of both\n]\n', 1, '[\n  "a", # of both\n]\n'],
  ["of the array", '["a", "b"] # of all\n', 1, '["a"] # of all\n'],
  ["lines of Windows", '[ "a", # of a\r\n  "b",\r\n]\r\n', 0, '[\r\n  "b",\r\n]\r\n'],
];
for (const [what, text, index, left] of BEHIND)
  test(`a comment behind an item goes with it, and with nothing else: ${what}`, () =>
    assert.is(removeFromTomlArray(`d = ${text}`, ["d"], index), `d = ${left}`));

test.run();

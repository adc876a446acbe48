import * as fc from "fast-check";

// Random TOML documents with every kind of value, key, table and layout. Keys of one table differ by their numbers.

const blank = fc.constantFrom("", " ", "  ", "\t");
const newline = fc.constantFrom("\n", "\n", "\n", "\r\n");
const comment = fc.stringMatching(/^[ a-zA-Z0-9="'[\]é✓]{0,12}$/).map((text) => `#${text}`);
const lineEnd = fc.tuple(blank, fc.oneof(fc.constant(""), comment), newline).map((parts) => parts.join(""));
const empties = fc.array(lineEnd, { maxLength: 2 }).map((lines) => lines.join(""));

const escape = fc.constantFrom("\\n", "\\t", '\\"', "\\\\", "\\u00e9", "\\U0001F600", "\\b", "\\f", "\\r");
const plain = fc.oneof(fc.stringMatching(/^[a-zA-Z0-9 #=[\]{},.é✓]{0,6}$/), fc.constant("😀"));
const joined = (part: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.array(part, { maxLength: 4 }).map((parts) => parts.join(""));
const basic = joined(fc.oneof(plain, escape)).map((text) => `"${text}"`);
const literal = joined(fc.oneof(plain, fc.constantFrom('"', "\\"))).map((text) => `'${text}'`);
const basicLines = joined(fc.oneof(plain, escape, newline, fc.constant('"a'), fc.constant("\\\n  b"))).map(
  (text) => `"""${text}"""`,
);
const literalLines = joined(fc.oneof(plain, newline, fc.constantFrom("'a", "\\", '"'))).map((text) => `'''${text}'''`);

const scalar = fc.oneof(
  basic,
  literal,
  basicLines,
  literalLines,
  fc.constantFrom("0", "-17", "+99", "1_000", "9007199254740993", "0xDEAD_beef", "0o755", "0b1101"),
  fc.constantFrom("1.0", "-0.0", "+1.5e3", "6.26E-2", "1e1_0", "inf", "-inf", "nan"),
  fc.constantFrom("true", "false"),
  fc.constantFrom(
    "1979-05-27T07:32:00Z",
    "1979-05-27 00:32:00.5-07:00",
    "1979-05-27t07:32:00",
    "1979-05-27",
    "07:32:00.25",
  ),
);

const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    scalar,
    fc
      .array(fc.tuple(tie("value"), fc.oneof(blank, lineEnd)), { maxLength: 3 })
      .map((items) => `[${items.map(([item, gap]) => `${gap}${item}`).join(",")}]`),
    fc
      .array(tie("value"), { maxLength: 3 })
      .map(
        (items) =>
          `{${items.map((item, index) => ` ${index % 2 === 0 ? "k" : '"q r".'}${index} = ${item}`).join(",")} }`,
      ),
  ),
}));

/** A key that no other of its table has: bare, quoted or dotted, numbered. */
const key = (number: number): fc.Arbitrary<string> =>
  fc.constantFrom(
    `key${number}`,
    `"quoted ${number}é"`,
    `'literal.${number}'`,
    `dotted${number} . a`,
    `${number}`,
    `"" . x${number}`,
  );

const entry = (number: number): fc.Arbitrary<string> =>
  fc
    .tuple(blank, key(number), blank, blank, value, lineEnd)
    .map(([indent, name, before, after, item, end]) => `${indent}${name}${before}=${after}${item}${end}`);
const entries = fc
  .integer({ min: 0, max: 3 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, number) => entry(number))))
  .map((lines) => lines.join(""));

const table = (number: number): fc.Arbitrary<string> =>
  fc
    .tuple(
      empties,
      fc.constantFrom(
        `[table${number}]`,
        `[ over . "under ${number}" ]`,
        `[over.a${number}.b]`,
        "[[array]]",
        `[[over.list${number}]]`,
      ),
      lineEnd,
      entries,
    )
    .map((parts) => parts.join(""));

/** A whole document, sometimes with a byte order mark, sometimes without a line end at its end. */
export const tomlText: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom("", "", "", "\uFEFF"), empties, entries, fc.integer({ min: 0, max: 4 }))
  .chain(([mark, before, own, count]) =>
    fc
      .tuple(fc.tuple(...Array.from({ length: count }, (_, number) => table(number))), fc.boolean())
      .map(([tables, isEnded]) => {
        const text = mark + before + own + tables.join("");
        return isEnded ? text : text.replace(/\r?\n$/, "");
      }),
  );

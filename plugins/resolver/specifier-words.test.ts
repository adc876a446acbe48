import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parseSpecifier, satisfies } from "../../plugin-api/python/specifier.ts";
import { asWritten, spanOf } from "./specifier-words.ts";

const test = suite("words for specifiers");

const WRITTEN: readonly (readonly [specifier: string, text: string])[] = [
  ["<2,>=1", ">=1,<2"],
  ["!=1.5,<2,>=1", ">=1,<2,!=1.5"],
  [">=1,>=1.4,<3,<2", ">=1.4,<2"],
  [">=1.0,>1.0", ">1.0"],
  ["~=1.4,!=1.5", "~=1.4,!=1.5"],
  [" @ https://example.org/a.whl", " @ https://example.org/a.whl"],
  ["", ""],
];

for (const [specifier, text] of WRITTEN)
  test(`\`${specifier}\` is written \`${text}\``, () => assert.is(asWritten(specifier), text));

interface Span {
  readonly of: readonly string[];
  readonly text: string | undefined;
  /** Versions that one of the specifiers admits. */
  readonly has?: readonly string[];
}

const SPANS: readonly Span[] = [
  { of: [">=1.34.0,<1.35.0", ">=1.35.87,<1.36.0"], text: ">=1.34.0,<1.36.0", has: ["1.34.46", "1.35.99"] },
  { of: [">=0.10,<0.11", "~=0.13.2", "==0.19.*"], text: ">=0.10,<0.20", has: ["0.10", "0.13.9", "0.19.7"] },
  { of: ["==1.0", "==1.5+cpu"], text: ">=1.0,<=1.5", has: ["1.0", "1.5+cpu"] },
  { of: ["===2.0", "<2"], text: "<=2.0", has: ["1", "2.0"] },
  { of: [">1,!=1.5", ">=1"], text: ">=1", has: ["1", "1.6"] },
  { of: [">=1,>=1.5,<3,<2", ">=1.7,<1.8"], text: ">=1.5,<2", has: ["1.5", "1.9"] },
  { of: ["<2", ">=1"], text: "" },
  { of: [">=1", ""], text: "" },
  { of: ["~=1!2.4", "<1!2"], text: "<1!3", has: ["1!2.9"] },
  { of: [">=1", " @ https://example.org/a.whl"], text: undefined },
  { of: ["===first", ">=1"], text: undefined },
];

for (const { of, text, has = [] } of SPANS)
  test(`${of.map((one) => `\`${one}\``).join(" and ")} span \`${text}\``, () => {
    assert.is(spanOf(of), text);
    for (const version of has) assert.ok(satisfies(parseSpecifier(text ?? ""), version), version);
  });

test.run();

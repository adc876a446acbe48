import { test } from "uvu";
import * as assert from "uvu/assert";
import { metadataWith } from "./other-requirements.ts";

const FRONT = "Metadata-Version: 2.4\nName: shop\nVersion: 1.0\n";
const EXTRA = "Provides-Extra: web\nRequires-Dist: flask; extra == 'web'\n";

const ROWS: readonly (readonly [what: string, before: string, requirements: readonly string[], after: string])[] = [
  ["the first one", `${FRONT}\ntext\n`, ["a>=1"], `${FRONT}Requires-Dist: a>=1\n\ntext\n`],
  ["none any more", `${FRONT}Requires-Dist: a\n\n`, [], `${FRONT}\n`],
  [
    "others, where they stood",
    `${FRONT}Requires-Dist: a (>=1)\nrequires-dist: b\n${EXTRA}\nRequires-Dist: in the text\n`,
    ["b", 'c<2; python_version < "3.12"'],
    `${FRONT}Requires-Dist: b\nRequires-Dist: c<2; python_version < "3.12"\n${EXTRA}\nRequires-Dist: in the text\n`,
  ],
  ["those of extras stay", `${FRONT}${EXTRA}\n`, ["a"], `${FRONT}${EXTRA}Requires-Dist: a\n\n`],
  ["no text behind it", FRONT, ["a"], `${FRONT}Requires-Dist: a\n`],
];
for (const [what, before, requirements, after] of ROWS)
  test(`metadata with ${what}`, () => assert.is(metadataWith(before, requirements), after));

for (const [what, text] of [
  ["carriage returns", "Name: shop\r\nVersion: 1\r\n\r\n"],
  ["a requirement in two lines", `${FRONT}Requires-Dist: a;\n python_version > "3"\n\n`],
  ["no end", "Name: shop"],
] as const)
  test(`metadata with ${what} is left alone`, () => assert.is(metadataWith(text, ["a"]), undefined));

test.run();

import { parseArgs } from "node:util";
import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { tokensOf } from "./tokens.ts";

const test = suite("tokens");

const OPTIONS = {
  python: { type: "string", short: "p" },
  with: { type: "string" },
  verbose: { type: "boolean", short: "v" },
  quiet: { type: "boolean", short: "q" },
} as const;
type Name = keyof typeof OPTIONS;
const known = {
  takesText: (name: string): boolean => Object.hasOwn(OPTIONS, name) && OPTIONS[name as Name].type === "string",
  byLetter: (letter: string): string | undefined => ({ p: "python", v: "verbose", q: "quiet" })[letter],
};

const word = fc.oneof(
  fc.constantFrom(
    "--",
    "-",
    "",
    "--python",
    "--python=3.10",
    "--python=",
    "-p",
    "-p3",
    "-p=3",
    "-vq",
    "-vp3",
    "-vp",
    "-pv",
  ),
  fc.constantFrom(
    "--verbose",
    "--verbose=1",
    "--no-verbose",
    "--none",
    "--none=x=y",
    "-x",
    "-xp3",
    "-1",
    "--=",
    "--=x",
    "---",
    "=x",
  ),
  fc.string({ maxLength: 4 }),
  fc.string({ maxLength: 4 }).map((text) => `-${text}`),
);

test("words have the kinds that Node's parser gives them", () => {
  fc.assert(
    fc.property(fc.array(word, { maxLength: 5 }), (args) => {
      const { tokens } = parseArgs({ args, options: OPTIONS, strict: false, allowPositionals: true, tokens: true });
      const expected = tokens.map((token) => {
        if (token.kind !== "option") return { ...token };
        const { kind, index, name, rawName, value } = token;
        return { kind, index, name, rawName, value };
      });
      assert.equal(tokensOf(args, known), expected, JSON.stringify(args));
    }),
    { numRuns: 3000 },
  );
});

test.run();

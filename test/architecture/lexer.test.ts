import { test } from "uvu";
import * as assert from "uvu/assert";
import { tokenize } from "./lexer.ts";

const cases: readonly (readonly [source: string, tokens: readonly string[]])[] = [
  ['a = "b";', ["code:a = ", "string:b", "code:;"]],
  ["a = 'it\\'s';", ["code:a = ", "string:it\\'s", "code:;"]],
  ['a = "";', ["code:a = ", "string:", "code:;"]],
  ['// "not a string"\nb', ['comment:// "not a string"', "code:\nb"]],
  ["a /* x */ b", ["code:a ", "comment:/* x */", "code: b"]],
  ["`a${b}c`;", ["string:a", "code:b", "string:c", "code:;"]],
  ["`${{ a: 1 }}`;", ["string:", "code:{ a: 1 }", "string:", "code:;"]],
  ["`a${`b${c}`}d`", ["string:a", "string:b", "code:c", "string:", "string:d"]],
  ["`\\${a}`", ["string:\\${a}"]],
  ['x = /["/]/g;', ["code:x = ", 'string:["/]', "code:g;"]],
  ["a / b / c", ["code:a / b / c"]],
  ['"a" / 2', ["string:a", "code: / 2"]],
  ["return /a/.test(b)", ["code:return ", "string:a", "code:.test(b)"]],
];

for (const [source, tokens] of cases) {
  test(source, () => {
    assert.equal(
      tokenize(source).map((token) => `${token.kind}:${token.text}`),
      tokens,
    );
  });
}

test("lines are counted from one, through every kind of token", () => {
  const found = tokenize('a\n/*\n*/ "b"\n`\n${c}`');
  assert.equal(
    found.map((token) => token.line),
    [1, 2, 3, 3, 3, 4, 5, 5],
  );
});

test.run();

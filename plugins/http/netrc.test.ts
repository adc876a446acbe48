import { suite } from "uvu";
import * as assert from "uvu/assert";
import { NetrcSyntax, parseNetrc } from "./netrc.ts";

const test = suite("netrc");

const entry = (machine: string | undefined, login: string, password: string) => ({ machine, login, password });

const cases: readonly (readonly [what: string, text: string, entries: readonly ReturnType<typeof entry>[]])[] = [
  ["an empty file", "", []],
  ["one line", "machine a.example login me password p", [entry("a.example", "me", "p")]],
  ["several lines", "machine A.example\n\tlogin me\n\tpassword p\n", [entry("a.example", "me", "p")]],
  ["user for login, account", "machine a user me account x password p", [entry("a", "me", "p")]],
  ["no password", "machine a login me", [entry("a", "me", "")]],
  ["two machines", "machine a password p machine b password q", [entry("a", "", "p"), entry("b", "", "q")]],
  ["default", "default login me password p", [entry(undefined, "me", "p")]],
  ["quotes", 'machine a login "my name" password "p \\" # q"', [entry("a", "my name", 'p " # q')]],
  ["comments", "# head\nmachine a # here\n# login no\nlogin me password p # end", [entry("a", "me", "p")]],
  ["a comment without a blank", "#machine b\nmachine a login me password p", [entry("a", "me", "p")]],
  ["a password that begins with #", "machine a login me password #p", [entry("a", "me", "#p")]],
  ["a password that is a keyword", "machine a login machine password default", [entry("a", "machine", "default")]],
  [
    "a macro",
    "machine a login me\nmacdef init\ncd /pub\nmachine no\n\npassword p\nmachine b password q",
    [entry("a", "me", "p"), entry("b", "", "q")],
  ],
  ["a macro at the end", "machine a password p\nmacdef init\ncd /pub", [entry("a", "", "p")]],
  ["carriage returns", "machine a\r\nlogin me\r\npassword p\r\n", [entry("a", "me", "p")]],
];

for (const [what, text, entries] of cases) {
  test(what, () => assert.equal(parseNetrc(text), entries));
}

test("a backslash keeps the next character", () => {
  assert.equal(parseNetrc("machine a login me password p\\\\q"), [entry("a", "me", "p\\q")]);
});

for (const [what, text, line] of [
  ["a word of no meaning", "machine a\nlogin me\nsecret p", 3],
  ["a login without a machine", "login me", 1],
  ["a keyword without a value", "machine a\npassword", 2],
  ["a quote that never ends", 'machine a login "me', 1],
] as const) {
  test(`refuses ${what}, and says no value`, () => {
    assert.throws(
      () => parseNetrc(text),
      (error: unknown) => error instanceof NetrcSyntax && error.message === `line ${line} can't be understood`,
    );
  });
}

test.run();

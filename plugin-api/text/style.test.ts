import { test } from "uvu";
import * as assert from "uvu/assert";
import { isUtf8Locale, textStyle, wantsColor, withoutControls } from "./style.ts";
import { cut, textColumns, wrap } from "./wrap.ts";

type Choice = "auto" | "always" | "never";
const colors: readonly (readonly [Choice, Record<string, string>, boolean, boolean])[] = [
  ["auto", {}, true, true],
  ["auto", {}, false, false],
  ["auto", { NO_COLOR: "1" }, true, false],
  ["auto", { NO_COLOR: "" }, true, true],
  ["auto", { FORCE_COLOR: "1" }, false, true],
  ["auto", { FORCE_COLOR: "0" }, true, false],
  ["auto", { NO_COLOR: "1", FORCE_COLOR: "1" }, true, false],
  ["auto", { TERM: "dumb" }, true, false],
  ["always", { NO_COLOR: "1", TERM: "dumb" }, false, true],
  ["never", { FORCE_COLOR: "1" }, true, false],
];
for (const [choice, env, isTerminal, wanted] of colors)
  test(`--color=${choice} with ${JSON.stringify(env)} ${isTerminal ? "in a terminal" : "in a pipe"}`, () =>
    assert.is(wantsColor(choice, env, isTerminal), wanted));

test("the locale decides on symbols", () => {
  assert.ok(isUtf8Locale({ LANG: "de_DE.UTF-8" }, "linux"));
  assert.ok(isUtf8Locale({ LC_CTYPE: "C.utf8" }, "linux"));
  assert.not.ok(isUtf8Locale({ LC_ALL: "C", LANG: "de_DE.UTF-8" }, "linux"));
  assert.not.ok(isUtf8Locale({}, "linux"));
  assert.ok(isUtf8Locale({}, "darwin"));
});

test("roles nest, and only the 16 colours of the theme are used", () => {
  const facts = { isTerminal: true, isUnicode: true, columns: () => 0, verbosity: 0, isQuiet: false };
  const ui = textStyle({ ...facts, hasColor: true });
  assert.is(ui.dim(`a ${ui.name("b")}`), "\u001b[2ma \u001b[1mb\u001b[22m\u001b[22m");
  assert.is(ui.err(""), "");
  const plain = textStyle({ ...facts, hasColor: false });
  assert.is(plain.err("x") + plain.dim("y"), "xy");
});

test("the width is asked for once, and only when it is needed", () => {
  let asked = 0;
  const columns = () => ++asked + 60;
  const facts = { hasColor: false, isUnicode: true, columns, verbosity: 0, isQuiet: false };
  const piped = textStyle({ ...facts, isTerminal: false });
  assert.is(piped.width, Number.POSITIVE_INFINITY);
  assert.is(asked, 0);
  const terminal = textStyle({ ...facts, isTerminal: true });
  assert.is(terminal.width + terminal.width, 122);
});

test("text of others loses escape sequences and control characters, not its lines", () => {
  assert.is(withoutControls("a\u001b[31mb\u001b]8;;http://x\u0007c\u0000\u009bd\r\n\te"), "abcd\n\te");
});

test("columns count what a terminal shows", () => {
  assert.is(textColumns("abc"), 3);
  assert.is(textColumns("日本"), 4);
  assert.is(textColumns("e\u0301"), 1);
  assert.is(textColumns("\u001b[1mx\u001b[22m"), 1);
  assert.is(cut("日本語テスト", 7, "…"), "日本語…");
  assert.is(cut("short", 5, "…"), "short");
  assert.is(cut("longer", 5, "..."), "lo...");
});

test("prose never runs wider than 100 columns, nor less wide than a word", () => {
  const words = Array.from({ length: 60 }, () => "word").join(" ");
  for (const line of wrap(words, { width: 200 })) assert.ok(line.length <= 100);
  assert.equal(wrap(`see ${"x".repeat(30)} there`, { width: 20, hanging: 2 }), [
    "see",
    `  ${"x".repeat(30)}`,
    "  there",
  ]);
  assert.equal(wrap(words, { width: Number.POSITIVE_INFINITY }), [words]);
});

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import { isText, rawVariables, rawWords, untold } from "./raw-words.ts";

const latin1 = (text: string): string => Buffer.from(text).toString("latin1");

test("variables that stay are the bytes that were given, in their order", () => {
  const given = "B=1\0A=\xff\xfe\0TZ=\0C=x=y\0BUN_X=1\0BUN_EMPTY=\0=odd\0";
  const known = { B: "1", A: "\ufffd\ufffd", C: "x=y", BUN_X: "1" };
  const wanted = { B: "1", A: "\ufffd\ufffd", C: "x=y", NEW: "ä" };
  assert.equal(rawVariables(given, known, wanted), ["B=1", "A=\xff\xfe", "TZ=", "C=x=y", "=odd", latin1("NEW=ä")]);
});

test("variables that were changed stand where they were, and those that were taken out are gone", () => {
  const given = `PATH=/bin\0PYTHONHOME=/x\0${latin1("ÄÖ")}=1\0`;
  const known = { PATH: "/bin", PYTHONHOME: "/x", ÄÖ: "1" };
  assert.equal(rawVariables(given, known, { PATH: "/env/bin:/bin", ÄÖ: "€" }), ["PATH=/env/bin:/bin", latin1("ÄÖ=€")]);
});

test("a variable that was given twice is handed on twice", () => {
  assert.equal(rawVariables("A=1\0A=1\0", { A: "1" }, { A: "1" }), ["A=1", "A=1"]);
  assert.equal(rawVariables("", {}, { A: "1" }), ["A=1"]);
});

test("words that are no text are the bytes that were given", () => {
  const given = (): string => "pybun\0run\0\xff\0x\0\xfe\0";
  assert.equal(rawWords(given, ["/python", "\ufffd", "x", "\ufffd"]), ["/python", "\xff", "x", "\xfe"]);
  assert.equal(rawWords(given, ["\ufffd", "ä", "\ufffd\ufffd"]), ["\xff", latin1("ä"), latin1("\ufffd\ufffd")]);
});

test("words that are text need no look at what was given", () => {
  const never = (): string => {
    throw new Error("looked");
  };
  assert.equal(rawWords(never, ["a", "ä", ""]), ["a", latin1("ä"), ""]);
});

test("what the runtime does not know as it was given is named", () => {
  assert.is(untold(`A=1\0${latin1("B=ä")}\0BUN_X=1\0`, { A: "1", B: "ä" }), undefined);
  assert.is(untold("A=1\0B=\xff\0", { A: "1", B: "\ufffd" }), "B");
  assert.is(untold("A=1\0TZ=\0", { A: "1" }), "TZ");
  assert.equal(["plain", latin1("ä€"), "\xe4", ""].map(isText), [true, true, false, true]);
});

test.run();

import { PassThrough } from "node:stream";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { askText, type Typed } from "./ask-text.ts";

const test = suite("ask for text");

/** What is typed comes in these pieces; a terminal is told to hand over single keys, and to stop doing so. */
async function answered(pieces: readonly (string | Buffer)[], isSecret: boolean) {
  const modes: boolean[] = [];
  const input: Typed & PassThrough = Object.assign(new PassThrough(), {
    setRawMode: (isRaw: boolean) => modes.push(isRaw),
  });
  let written = "";
  const write = (text: string): void => void (written += text);
  const asked = askText({ question: "Name: ", isSecret, signal: new AbortController().signal, input, write });
  for (const piece of pieces) input.write(piece);
  input.end();
  return { answer: await asked, modes, written };
}

for (const [what, pieces, answer] of [
  ["a line", ["me\n"], "me"],
  ["a line in pieces", ["m", "e", "\r"], "me"],
  ["an empty line", ["\n"], undefined],
  ["the end of input", [], undefined],
  ["a line without an end", ["me"], "me"],
  ["what comes behind the line", ["me\nyou\n"], "me"],
  ["a letter cut in two", [Buffer.from([0xc3]), Buffer.from([0xa4, 0x0a])], "ä"],
] as const)
  for (const isSecret of [true, false])
    test(`${what}, ${isSecret ? "secret" : "plain"}`, async () => {
      assert.is((await answered(pieces, isSecret)).answer, answer);
    });

for (const [what, typed, answer] of [
  ["backspace", "sex\u007fcret\n", "secret"],
  ["backspace over a letter of two bytes", "sä\u007fecret\n", "secret"],
  ["Ctrl-U", "wrong\u0015right\n", "right"],
  ["Ctrl-D", "right\u0004", "right"],
  ["keys that are no letters", "a\u001bb\tc\n", "abc"],
] as const)
  test(`a secret with ${what}`, async () => {
    assert.is((await answered([typed], true)).answer, answer);
  });

test("a secret is not shown, and the terminal left as it was", async () => {
  assert.equal(await answered(["me\n"], true), { answer: "me", modes: [true, false], written: "Name: \n" });
  assert.equal(await answered(["me\n"], false), { answer: "me", modes: [], written: "Name: " });
});

test("a stop ends the question and leaves the terminal as it was", async () => {
  const modes: boolean[] = [];
  const input: Typed = Object.assign(new PassThrough(), { setRawMode: (isRaw: boolean) => modes.push(isRaw) });
  const stop = new AbortController();
  const asked = askText({ question: "", isSecret: true, signal: stop.signal, input, write: () => undefined });
  stop.abort(new Error("stopped"));
  assert.is(await asked.then(String, (error: Error) => error.message), "stopped");
  assert.equal(modes, [true, false]);
});

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import type { LineQuestion } from "../../plugin-api/prompts.ts";
import { askLine } from "./ask-line.ts";

/** The answer, and all that was shown. */
async function answered(question: LineQuestion, ...lines: (string | undefined)[]) {
  let shown = "";
  const plain = (text: string): string => text;
  const answer = await askLine(question, {
    read: async (prompt) => {
      shown += prompt;
      return lines.shift();
    },
    write: (text) => void (shown += text),
    paint: { name: plain, dim: plain },
  });
  return [answer, shown];
}
const NAME: LineQuestion = {
  words: "Name",
  usual: "app",
  problem: (answer) => (answer === "bad" ? "bad is not allowed" : undefined),
};
const KIND: LineQuestion = { words: "Kind", usual: "app", choices: ["app", "lib", "library"] };

test("a line, the usual one for an empty line and at the end of input", async () => {
  assert.equal(await answered(NAME, " shop "), ["shop", "Name (app): "]);
  assert.equal(await answered(NAME, ""), ["app", "Name (app): "]);
  assert.equal(await answered(NAME, undefined), ["app", "Name (app): "]);
  assert.equal(await answered({ ...NAME, usual: "" }, ""), ["", "Name: "]);
});

test("what is wrong is told, and asked again", async () => {
  assert.equal(await answered(NAME, "bad", "good"), ["good", "Name (app):   bad is not allowed\nName (app): "]);
});

test("a choice by its word or by how only it begins", async () => {
  assert.equal((await answered(KIND, "LIB"))[0], "lib");
  assert.equal((await answered(KIND, "a"))[0], "app");
  assert.equal((await answered(KIND, "libr"))[0], "library");
  assert.match(String((await answered(KIND, "li", "lib"))[1]), "one of app, lib, library\n");
});

test.run();

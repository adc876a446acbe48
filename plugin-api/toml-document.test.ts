import { test } from "uvu";
import * as assert from "uvu/assert";
import { openToml } from "./toml-document.ts";

const keysOf = (text: string): readonly string[] => openToml(text).entries.map(({ path }) => path.join("."));

test("texts that are looked at in turn are each what they are", () => {
  const texts = ["a = 1\n", "[b]\nc = 2\n", "d.e = 3\n", "f = {g = 4}\n", "h = 5\r\n"];
  const keys = [["a"], ["b.c"], ["d.e"], ["f", "f.g"], ["h"]];
  for (let times = 0; times < 3; times++)
    for (const [at, text] of texts.entries()) {
      assert.equal(keysOf(text), keys[at]);
      assert.is(openToml(text), openToml(text));
    }
});

test("what is no TOML is told each time", () => {
  for (let times = 0; times < 2; times++) assert.throws(() => openToml("a = "));
});

test.run();

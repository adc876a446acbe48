import { test } from "uvu";
import * as assert from "uvu/assert";
import { readIni } from "../../plugin-api/pip-config/ini.ts";
import { keyParts, withValue } from "./config-files.ts";

const TEXT =
  "# ours\n[global]\nindex-url = https://one/\nextra-index-url =\n    https://two/\n    https://three/\n\n[install]\nno-deps = true\n";
const set = (text: string, key: string, value: string | undefined): string =>
  withValue({ text, entries: readIni(text) }, keyParts(key), value);

for (const [what, before, key, value, after] of [
  ["into an empty file", "", "global.timeout", "60", "[global]\ntimeout = 60\n"],
  ["in place of another", TEXT, "global.index-url", "https://new/", TEXT.replace("https://one/", "https://new/")],
  [
    "in place of several lines",
    TEXT,
    "global.extra-index-url",
    "x",
    TEXT.replace("extra-index-url =\n    https://two/\n    https://three/", "extra-index-url = x"),
  ],
  ["into a section that is there", TEXT, "install.user", "no", TEXT.replace("[install]\n", "[install]\nuser = no\n")],
  ["into a new section", "[global]\na = 1\n", "list.format", "json", "[global]\na = 1\n\n[list]\nformat = json\n"],
  ["away", TEXT, "install.no-deps", undefined, TEXT.replace("no-deps = true\n", "")],
] as const)
  test(`a value goes ${what}, and nothing else changes`, () => assert.is(set(before, key, value), after));

test("a key has a section, in any case, with dashes or underscores", () => {
  assert.equal(keyParts("GLOBAL.Index_URL"), ["global", "index-url"]);
  assert.throws(() => keyParts("index-url"), /write `global\.index-url`/);
});

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import { InvalidSyntax } from "../error.ts";
import { decodeScript, readScriptMetadata } from "./script-metadata.ts";

const BLOCK = '# /// script\n# requires-python = ">=3.9"\n#\n# # note\n# ///\n';
const TOML = 'requires-python = ">=3.9"\n\n# note\n';

test("a block is found wherever it stands, with its lines", () => {
  assert.equal(readScriptMetadata(BLOCK), { block: "script", toml: TOML, startLine: 1, endLine: 5 });
  assert.equal(readScriptMetadata(`#!/usr/bin/env python\nx = 1\n${BLOCK}y = 2\n`), {
    block: "script",
    toml: TOML,
    startLine: 3,
    endLine: 7,
  });
  assert.is(readScriptMetadata(BLOCK.trimEnd())?.toml, TOML);
});

test("the last closing line of a comment ends the block", () => {
  assert.is(readScriptMetadata("# /// script\n# a = 1\n# ///\n# b = 2\n# ///\n")?.toml, "a = 1\n///\nb = 2\n");
});

test("what does not match to the letter is no block", () => {
  const none = [
    "",
    "# /// script\n# ///\n",
    "# /// script \n# a = 1\n# ///\n",
    "# /// script\n#a = 1\n# ///\n",
    "# /// script\n# a = 1\n\n# ///\n",
    "# /// script\n# a = 1\n# /// \n",
    "# /// script\n# a = 1\n",
    " # /// script\n# a = 1\n# ///\n",
    "# /// pyproject\n# a = 1\n# ///\n",
    "# /// pyproject\n# /// script\n# a = 1\n# ///\n",
    BLOCK.replaceAll("\n", "\r\n"),
    `\ufeff${BLOCK}`,
    // JavaScript would end a line here, Python does not.
    "x\u2028# /// script\n# a = 1\n# ///\n",
  ];
  for (const text of none) assert.is(readScriptMetadata(text), undefined, JSON.stringify(text));
});

test("lines end at LF alone", () => {
  assert.is(readScriptMetadata("# /// script\n# a = '\u2028# b'\n# ///\n")?.toml, "a = '\u2028# b'\n");
});

test("a second block is refused, with its place", () => {
  const text = `${BLOCK}\n${BLOCK}`;
  assert.throws(
    () => readScriptMetadata(text),
    (error: unknown) =>
      error instanceof InvalidSyntax && error.position === BLOCK.length + 1 && error.message.includes("lines 1 and 7"),
  );
  assert.ok(readScriptMetadata(`${BLOCK}\n${BLOCK.replace("script", "other")}`));
});

test("files are read as Python reads them", () => {
  const bytes = Buffer.from(`\ufeff${BLOCK.replaceAll("\n", "\r\n")}x = 'é'\r`);
  assert.is(decodeScript(bytes), `${BLOCK}x = 'é'\n`);
  assert.is(decodeScript(Buffer.from([0x61, 0xff])), "a\ufffd");
});

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseRecord, recordedPaths } from "./record.ts";

const HASH = `sha256=${"A".repeat(42)}E`;

const RECORDS: Readonly<Record<string, string>> = {
  nothing: "",
  "plain lines": `one.py,${HASH},12\ntwo/three.py,${HASH},0\none-1.dist-info/RECORD,,\n`,
  "no end of the last line": `one.py,${HASH},12\ntwo.py,,`,
  "other ends of lines": `one.py,${HASH},12\r\ntwo.py,,\r\n`,
  "empty lines": `\none.py,,\n\n\ntwo.py,,\n`,
  "missing columns": "one.py\ntwo.py,\n",
  "quoted paths": `one.py,,\n"two, and ""more"".py",${HASH},1\n`,
  "another hash": "one.py,md5=abc,1\n",
  "a hash in hexadecimal": `one.py,sha256=${"0".repeat(64)},1\n`,
  "paths beside site-packages": "../../../bin/one,,\n/usr/share/one,,\nback\\slash.py,,\n",
  "letters of all kinds": "größe/日本.py,,\nb\u2028c.py,,\n",
};

for (const [what, text] of Object.entries(RECORDS))
  test(`the paths of a RECORD with ${what} are those of its rows`, () => {
    const rows = parseRecord(text).map((row) => row.path);
    assert.equal(recordedPaths(text), rows);
    // What the one before left behind is no beginning for the next one.
    assert.equal(recordedPaths(text), rows);
  });

for (const [what, text] of Object.entries({
  "a quote that is not closed": 'one.py,,\n"two',
  "too many columns": "one.py,,\ntwo.py,,,\n",
  "a hash that is none": "one.py,sha256=!,1\n",
  "a size that is none": "one.py,,x\n",
  "a line without a path": "one.py,,\n,,\n",
}))
  test(`${what} is an error, whether rows are wanted or only their paths`, () => {
    let said = "";
    try {
      parseRecord(text);
    } catch (error) {
      said = (error as Error).message;
    }
    assert.ok(said);
    assert.throws(
      () => recordedPaths(text),
      (error: Error) => error.message === said,
    );
  });

test.run();

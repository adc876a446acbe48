import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { editableOf, editableTails, namespacePortions } from "./editable.ts";

const LINE = "import __editable___p_1_0_finder; __editable___p_1_0_finder.install()";
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "editable-"));
test.after(() => fs.rmSync(folder, { recursive: true, force: true }));
const read = (text: string, line = LINE) => {
  fs.writeFileSync(path.join(folder, "__editable___p_1_0_finder.py"), text);
  return editableOf(line, folder);
};

test("the tables of a hook, as several releases of setuptools write them", () => {
  const found = read(
    `import sys\n\nMAPPING: dict[str, str] = {'a': '/x/a', 'n.b': "/it's/b", 'c': 'C:\\\\src\\\\c\\xe9'}\nNAMESPACES: dict[str, list[str]] = {'n': ['/x/n'], 'm': []}\n`,
  );
  assert.equal(
    [...(found?.mapping ?? [])],
    [
      ["a", "/x/a"],
      ["n.b", "/it's/b"],
      ["c", "C:\\src\\cé"],
    ],
  );
  assert.equal(
    [...(found?.namespaces ?? [])],
    [
      ["n", ["/x/n"]],
      ["m", []],
    ],
  );
  assert.equal([...(read("MAPPING = {}\nNAMESPACES = {}\n")?.mapping ?? ["none"])], []);
});

test("another line, another form: nothing is read into it", () => {
  assert.is(read("MAPPING = dict(a='/x')\nNAMESPACES = {}\n"), undefined);
  assert.is(read("MAPPING = {'a': f()}\nNAMESPACES = {}\n"), undefined);
  assert.is(read("MAPPING = {}\n"), undefined);
  assert.is(read("MAPPING = {}\nNAMESPACES = {}\n", `${LINE}; more()`), undefined);
  assert.is(editableOf(LINE.replaceAll("p_1_0", "gone_1_0"), folder), undefined);
});

test("names below a prefix, and folders of namespaces", () => {
  const one = read("MAPPING = {'a': '/a', 'n.b.c': '/c', 'k': '/k'}\nNAMESPACES = {'n': [], 'k': []}\n");
  assert.ok(one);
  assert.equal([...new Set(editableTails("", [one]))], ["a", "n", "k"]);
  assert.equal(editableTails("n.", [one]), ["b"]);
  assert.equal(
    ["n", "k", "a"].map((name) => namespacePortions(name, [one])),
    [[], ["/k"], undefined],
  );
});

test.run();

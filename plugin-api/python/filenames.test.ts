import { test } from "uvu";
import * as assert from "uvu/assert";
import { InvalidSyntax } from "../error.ts";
import { isNormalizedName, isPackageName, normalizeName, parseExtra, parsePackageName } from "./package-name.ts";
import { parseSdistFilename } from "./sdist-filename.ts";
import { versionKey } from "./version-key.ts";
import { parseWheelFilename, tagsOfWheel } from "./wheel-filename.ts";

const isRefusal = (text: string) => (error: unknown) => error instanceof InvalidSyntax && error.message.includes(text);

test("names have one normal form", () => {
  for (const text of ["Foo.Bar", "foo_bar", "FOO--bar", "foo-._bar"]) {
    assert.is(parsePackageName(text), "foo-bar", text);
    assert.is(parseExtra(text), "foo-bar", text);
    assert.not(isNormalizedName(text), text);
  }
  assert.ok(isNormalizedName("foo-bar"));
  for (const text of ["", "-a", "a-", "a b", "é", "a\n", "\u212a"]) {
    assert.not(isPackageName(text), text);
    assert.throws(() => parsePackageName(text), isRefusal(text), text);
    assert.throws(() => parseExtra(text), isRefusal(text), text);
  }
  assert.is(normalizeName("_A__b"), "-a-b");
});

test("wheel names are read", () => {
  assert.equal(parseWheelFilename("Foo_Bar-1.0.post1-1b-py2.py3-none-ANY.whl"), {
    name: "foo-bar",
    version: "1.0.post1",
    key: versionKey("1.0.post1"),
    build: [1, "b"],
    tags: "py2.py3-none-any",
  });
  assert.not("build" in parseWheelFilename("a-1-py3-none-any.whl"));
  for (const name of [
    "Foo_Bar-1.0-1b-py2.py3-none-ANY.whl",
    "a-1-cp39-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
  ])
    assert.is(tagsOfWheel(name), parseWheelFilename(name).tags);
});

test("malformed wheel names are refused", () => {
  const names = [
    "a-1-py3-none-any.zip",
    "a-1-py3-none.whl",
    "a-1-1-2-py3-none-any.whl",
    "a__b-1-py3-none-any.whl",
    "-1-py3-none-any.whl",
    "../a-1-py3-none-any.whl",
    "a-2010i-py3-none-any.whl",
    "a-1-x1-py3-none-any.whl",
    "a-1-py3.-none-any.whl",
    "a-1-3py-none-any.whl",
    "a-1-py3--any.whl",
  ];
  for (const name of names) assert.throws(() => parseWheelFilename(name), isRefusal(name), name);
});

test("source archive names are read", () => {
  assert.equal(parseSdistFilename("foo_bar-1.0.tar.gz"), {
    name: "foo-bar",
    version: "1.0",
    key: versionKey("1.0"),
    extension: ".tar.gz",
  });
  assert.is(parseSdistFilename("a-b-2.zip").name, "a-b");
  for (const name of ["a.tar.gz", "a-.tar.gz", "-1.tar.gz", "a-latest.zip", "a-1.egg", "a-1.tar.xz", "a-1-b1.zip"]) {
    assert.throws(() => parseSdistFilename(name), isRefusal(name), name);
  }
});

test("a known name settles old source archive names", () => {
  const name = parsePackageName("foo-bar");
  assert.is(parseSdistFilename("Foo.Bar-1.0-rc-1.tar.gz", name).version, "1.0-rc-1");
  assert.is(parseSdistFilename("foo-bar-1.0.tar.bz2", name).extension, ".tar.bz2");
  for (const file of ["foo-1.0.tar.gz", "foo-bar-baz-1.0.tar.gz", "foobar-1.0.tar.gz", "foo-bar.tar.gz"]) {
    assert.throws(() => parseSdistFilename(file, name), isRefusal(file), file);
  }
});

test.run();

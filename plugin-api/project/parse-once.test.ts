import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseOnce } from "./parse-once.ts";

const about = { file: "/p/pyproject.toml", shown: "pyproject.toml" };
const project = (dependency: string): string => `[project]\nname = "p"\ndependencies = ["${dependency}"]\n`;

test("the same text is the same project; another text, place or way to show it is another", () => {
  const first = parseOnce(project("a"), about);
  assert.is(parseOnce(project("a"), about), first);
  assert.is(parseOnce(project("b"), about).dependencies[0]?.requirement.name, "b");
  assert.is(parseOnce(project("a"), about), first, "beside another text of the same file");
  assert.is(parseOnce(project("a"), { ...about, file: "/q/pyproject.toml" }).folder, "/q");
  assert.is(parseOnce(project("a"), { ...about, shown: "../p" }).dependencies[0]?.origin, "../p:3");
});

test("what can't be read is told each time", () => {
  for (let times = 0; times < 2; times++) assert.throws(() => parseOnce("[project]", about), /has no `name`/);
});

test("of many only the last are remembered", () => {
  const large = (index: number): string => `${project("a")}# ${"x".repeat(300_000)} ${index}\n`;
  const first = parseOnce(large(0), about);
  const last = [1, 2, 3, 4, 5, 6, 7].map((index) => parseOnce(large(index), about)).at(-1);
  assert.is(parseOnce(large(7), about), last);
  assert.is.not(parseOnce(large(0), about), first);
});

test.run();

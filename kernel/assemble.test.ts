import { test } from "uvu";
import * as assert from "uvu/assert";
import type { PybunError } from "../plugin-api/error.ts";
import type { Member } from "../plugin-api/preset.ts";
import { lineage, members } from "../plugin-api/preset.ts";
import { serviceKey } from "../plugin-api/service.ts";
import { assemble } from "./assemble.ts";

const load = async () => ({ default: () => ({}) as never });
const plugin = (name: string, more: Partial<Member> = {}): Member => ({
  name,
  version: "1.0.0",
  apiVersion: 1,
  summary: "",
  maturity: "stable",
  origin: "test",
  ...more,
});
const spec = { summary: "", brief: "", options: {}, maturity: "stable", group: "More" } as const;
const key = serviceKey<object>("Thing");

const clashes: readonly (readonly [what: string, a: Partial<Member>, b: Partial<Member>])[] = [
  ["command", { commands: { go: { spec, load } } }, { commands: { go: { spec, load } } }],
  ["service", { services: [{ key, load }] }, { services: [{ key, load }] }],
  ["setting", { settings: { deep: { kind: "flag", help: "" } } }, { settings: { deep: { kind: "flag", help: "" } } }],
  [
    "key",
    { settings: { a: { kind: "flag", key: "k", help: "" } } },
    { settings: { b: { kind: "flag", key: "k", help: "" } } },
  ],
  ["setting", { settings: { offline: { kind: "flag", help: "" } } }, {}],
];
for (const [what, a, b] of clashes)
  test(`two claims on one ${what} name both owners`, () => {
    assert.throws(
      () => assemble([plugin("one", a), plugin("two", b)]),
      (error: PybunError) =>
        error.code === "E_PLUGIN_CLASH" && error.message.includes(what) && error.message.includes("one"),
    );
  });

test("one name twice is a clash, another interface is refused", () => {
  assert.throws(
    () => assemble([plugin("a"), plugin("a")]),
    (error: PybunError) => error.code === "E_PLUGIN_CLASH",
  );
  assert.throws(
    () => assemble([plugin("a", { apiVersion: 2 })]),
    (error: PybunError) => error.code === "E_PLUGIN_API",
  );
});

test("a preset extends another, leaves plugins out and adds its own last", () => {
  const presets = {
    base: { name: "base", plugins: [plugin("a"), plugin("b")] },
    own: { name: "own", extends: "base", without: ["a"], plugins: [plugin("c")] },
  };
  assert.equal(
    members(lineage(presets, "own")).map(({ name, origin }) => [name, origin]),
    [
      ["b", "preset base"],
      ["c", "preset own"],
    ],
  );
});

test.run();

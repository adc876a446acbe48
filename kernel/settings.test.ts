import { test } from "uvu";
import * as assert from "uvu/assert";
import type { PybunError } from "../plugin-api/error.ts";
import { options } from "../plugin-api/option.ts";
import type { Layer } from "../plugin-api/system/config-files.ts";
import { settle } from "./settings.ts";

const specs = options({
  offline: { kind: "flag", env: ["PYBUN_OFFLINE", "UV_OFFLINE"], key: "offline", help: "" },
  linkMode: { kind: "text", choices: ["auto", "copy"], default: "auto", key: "link.mode", help: "" },
  jobs: { kind: "number", default: 4, key: "jobs", env: ["JOBS"], help: "" },
  extra: { kind: "list", env: ["EXTRA"], key: "extra", help: "" },
});
const settings = new Map(Object.entries(specs).map(([name, option]) => [name, { option, plugin: "test" }]));
const file = (name: string, values: Record<string, unknown>): Layer => ({
  kind: "file",
  name,
  values: new Map(Object.entries(values)),
});
const values = (given: {
  layers?: readonly Layer[];
  locked?: readonly Layer[];
  env?: Record<string, string>;
  typed?: Record<string, (string | boolean)[]>;
}) => {
  const { layers = [], locked = [], env = {}, typed = {} } = given;
  const entries = settle({
    settings,
    layers,
    locked,
    env,
    typed: { options: new Map(Object.entries(typed)), operands: [] },
  });
  return (name: string) => [entries.get(name)?.value, entries.get(name)?.origin.name];
};

test("a later source wins: default, files in order, variable, command line", () => {
  const layers = [file("user", { jobs: 1 }), file("project", { jobs: 2 })];
  assert.equal(values({})("jobs"), [4, "built in"]);
  assert.equal(values({ layers })("jobs"), [2, "project"]);
  assert.equal(values({ layers, env: { JOBS: "3" } })("jobs"), [3, "JOBS"]);
  assert.equal(values({ layers, env: { JOBS: "3" }, typed: { jobs: ["9"] } })("jobs"), [9, "--jobs"]);
});

test("PyBun's own variable goes before another tool's", () => {
  assert.equal(values({ env: { UV_OFFLINE: "1" } })("offline"), [true, "UV_OFFLINE"]);
  assert.equal(values({ env: { UV_OFFLINE: "1", PYBUN_OFFLINE: "0" } })("offline"), [false, "PYBUN_OFFLINE"]);
});

test("a dotted key is found in nested tables and as it stands", () => {
  assert.equal(values({ layers: [file("a", { link: { mode: "copy" } })] })("linkMode"), ["copy", "a"]);
  assert.equal(values({ layers: [file("a", { "link.mode": "copy" })] })("linkMode"), ["copy", "a"]);
});

test("lists are split in variables, repeated on the command line", () => {
  assert.equal(values({ env: { EXTRA: "a  b" } })("extra"), [["a", "b"], "EXTRA"]);
  assert.equal(values({ typed: { extra: ["a", "b c"] } })("extra"), [["a", "b c"], "--extra"]);
});

const wrong: readonly (readonly [what: string, given: Parameters<typeof values>[0], code: string, words: string])[] = [
  [
    "a file with the wrong type",
    { layers: [file("f.toml", { jobs: "many" })] },
    "E_CONFIG_INVALID",
    "`jobs` in f.toml takes a number",
  ],
  ["a variable", { env: { PYBUN_OFFLINE: "perhaps" } }, "E_CONFIG_INVALID", "PYBUN_OFFLINE takes true or false"],
  ["a choice on the command line", { typed: { linkMode: ["blue"] } }, "E_USAGE", "auto or copy, not `blue`"],
  [
    "a locked value",
    { locked: [file("policy.toml", { jobs: 1 })], typed: { jobs: ["2"] } },
    "E_POLICY",
    "fixed by policy.toml",
  ],
];
for (const [what, given, code, words] of wrong)
  test(`${what} is refused with ${code}`, () => {
    assert.throws(
      () => values(given),
      (error: PybunError) => error.code === code && error.message.includes(words),
    );
  });

test("a locked value holds, and the same value may be repeated", () => {
  const locked = [file("policy.toml", { jobs: 1 })];
  assert.equal(values({ locked, typed: { jobs: ["1"] } })("jobs"), [1, "policy.toml"]);
});

test.run();

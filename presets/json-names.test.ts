import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Plugin } from "../plugin-api/plugin.ts";
import preset from "./default.ts";

interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly enum?: readonly unknown[];
}

/** Counts, where other commands list: SPEC GC-06 and PIP-01 have these names. */
const COUNTED = ["cache clean", "cache prune", "gc", "pip cache remove", "pip cache purge"];

const plugins: readonly Plugin[] = preset.plugins;
const data = plugins.flatMap(({ commands = {} }) =>
  Object.entries(commands).flatMap(([name, { spec }]) => {
    const schema = spec.data as Schema | undefined;
    return schema && !COUNTED.includes(name) ? [{ name, properties: schema.properties ?? {} }] : [];
  }),
);
const kindOf = ({ type, enum: values }: Schema): string =>
  values
    ? typeof values[0]
    : [type]
        .flat()
        .filter((each) => each !== "null")
        .join();

/** What every command that has something to say of it calls it, and the kind of value it is. */
const NAMES: Readonly<Record<string, string>> = {
  env: "object",
  lockfile: "string",
  lock: "object",
  sync: "object",
  up_to_date: "boolean",
  dry_run: "boolean",
  installed: "array",
  removed: "array",
  added: "array",
  changed: "array",
  file: "string",
  path: "string",
};
/** One version, and what a folder holds: said of one package. */
const OTHER = ["pip index versions installed"];

for (const [name, kind] of Object.entries(NAMES))
  test(`\`${name}\` is the same kind of thing in the JSON of all commands`, () => {
    const found = data.flatMap(({ name: command, properties }) => {
      const schema = properties[name];
      return schema && !OTHER.includes(`${command} ${name}`) ? [`${command}: ${kindOf(schema)}`] : [];
    });
    assert.ok(found.length > 1 || ["lock", "sync"].includes(name), "nobody says it");
    assert.equal(
      found.filter((each) => !each.endsWith(`: ${kind}`)),
      [],
    );
  });

test("whether something changed, where the lock is and what left an environment has one name", () => {
  const OLD = ["changed_file", "uninstalled", "environment", "lock_file", "is_changed", "up-to-date"];
  assert.equal(
    data.flatMap(({ name, properties }) =>
      OLD.filter((old) => properties[old] !== undefined).map((old) => `${name}: ${old}`),
    ),
    [],
  );
});

test("who can do a dry run says whether it was one", () => {
  const silent = plugins.flatMap(({ commands = {} }) =>
    Object.entries(commands).flatMap(([name, { spec }]) => {
      const properties = (spec.data as Schema | undefined)?.properties;
      return spec.options["dryRun"] && properties && properties["dry_run"] === undefined ? [name] : [];
    }),
  );
  assert.equal(silent, []);
});

test.run();

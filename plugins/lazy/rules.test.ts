import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parse } from "smol-toml";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { pythonPathWith } from "../../plugin-api/launch/python-path.ts";
import { bootstrapFolder } from "../../plugin-api/system/bootstrap-folder.ts";
import { pythons } from "../../test/harness/python.ts";
import { bootstrapOf, RECORD } from "./bootstrap.ts";
import type { LazyPolicy } from "./policy.ts";

interface Case extends Partial<LazyPolicy> {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly waits: readonly string[];
  readonly used: readonly string[];
  readonly also?: string;
  readonly python?: number;
  readonly until?: number;
  readonly differs?: string;
}
const { case: cases } = parse(
  fs.readFileSync(path.join(import.meta.dirname, "rules.cases.toml"), "utf8"),
) as unknown as { readonly case: readonly Case[] };

const home = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "lazy-")));
test.after(() => fs.rmSync(home, { recursive: true }));

const ALL: LazyPolicy = {
  mode: "all",
  allow: [],
  deny: [],
  importers: ["first-party"],
  fallback: true,
  logImports: false,
};

function place(one: Case): string {
  const folder = fs.mkdtempSync(path.join(home, "case-"));
  for (const [name, text] of Object.entries(one.files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

type Row = readonly [importer: string, line: number, modules: string[], usedAt: number | null];

/** Runs a program, with imports waiting where a policy is given. */
function run(python: string, folder: string, policy?: LazyPolicy) {
  const record = path.join(folder, "record.json");
  const bootstraps = policy && bootstrapFolder([bootstrapOf(policy, home, true)], home);
  const { stdout, stderr, status } = spawnSync(python, ["main.py"], {
    cwd: folder,
    encoding: "utf8",
    env: {
      PATH: "/bin",
      PYTHONHASHSEED: "0",
      ...(bootstraps && { PYTHONPATH: pythonPathWith(bootstraps, undefined), [RECORD]: record }),
    },
  });
  const rows = fs.existsSync(record) ? (JSON.parse(fs.readFileSync(record, "utf8")) as Row[]) : [];
  return { said: { stdout, stderr, status }, rows };
}

const listed = (rows: readonly Row[], isUsed: boolean, also: string | undefined): readonly string[] =>
  [
    ...new Set(
      rows
        .filter(([importer, , , usedAt]) => (usedAt !== null) === isUsed && importer !== also)
        .map(([importer, , modules]) => `${importer} ${modules.join(",")}`),
    ),
  ].sort();

/** One of each minor version. */
const each = new Map(pythons().map((python) => [python.version[1], python]));

for (const { path: python, version } of each.values())
  for (const one of cases) {
    const [, minor] = version;
    if (minor < (one.python ?? 0) || minor > (one.until ?? 14)) continue;
    test(`${version.join(".")}: ${one.name}`, () => {
      const folder = place(one);
      // Names as in the records: a script's module is `__main__`.
      const named = (rows: readonly Row[]) =>
        rows.map((row): Row => [row[0] === "__main__" ? "main" : row[0], row[1], row[2], row[3]]);
      const policy = { ...ALL, ...one };
      const plain = run(python, folder);
      for (const which of ["rewritten", "from the cache"]) {
        const lazy = run(python, folder, policy);
        const rows = named(lazy.rows);
        assert.equal(listed(rows, false, one.also), [...one.waits].sort(), `${which}: waits`);
        assert.equal(listed(rows, true, one.also), [...one.used].sort(), `${which}: used`);
        if (one.differs === undefined) assert.equal(lazy.said, plain.said, which);
      }
    });
  }

test.run();

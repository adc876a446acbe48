import { test } from "uvu";
import * as assert from "uvu/assert";
import { PybunError } from "./error.ts";
import type { Option, Origin } from "./option.ts";
import type { SettingEntry } from "./services.ts";
import { settingsTable, valuesFor } from "./settings-table.ts";

const FILE: Origin = { kind: "file", name: "requirements.txt", line: 3 };
const option: Option = { kind: "text", help: "" };

const tableWith = (origin: Origin) => {
  const entry: SettingEntry = { key: "index-url", option, plugin: "pypi", value: "https://one/", origin };
  return settingsTable(new Map([["indexUrl", entry]]));
};

test("what a file says takes the place of what was there, with where it stands", () => {
  const table = tableWith({ kind: "environment", name: "PYBUN_INDEX_URL" });
  table.amend("indexUrl", "https://two/", FILE);
  assert.equal(table.get("index-url"), { ...tableWith(FILE).get("index-url"), value: "https://two/" });
  assert.equal(
    table.entries.map(({ value }) => value),
    ["https://two/"],
  );
});

test("a setting that nobody has is passed over", () => {
  const table = tableWith(FILE);
  table.amend("noSuchSetting", 1, FILE);
  assert.is(table.entries.length, 1);
});

test("a fixed one stays, and may be said again", () => {
  const table = tableWith({ kind: "policy", name: "/etc/policy.toml" });
  table.amend("indexUrl", "https://one/", FILE);
  try {
    table.amend("indexUrl", "https://two/", FILE);
    assert.unreachable();
  } catch (error) {
    assert.instance(error, PybunError);
    assert.is((error as PybunError).code, "E_POLICY");
    assert.is(
      (error as PybunError).message,
      "`index-url` is fixed by /etc/policy.toml, requirements.txt may not change it",
    );
  }
});

test("each plugin is given its own settings and the shared ones, as they are now", () => {
  const entry = (plugin: string, value: unknown): SettingEntry => ({ key: "k", option, plugin, value, origin: FILE });
  const settings = new Map([
    ["quiet", entry("kernel", false)],
    ["indexUrl", entry("pypi", "https://one/")],
    ["retries", entry("http", 2)],
  ]);
  const [pypi, http] = ["pypi", "http"].map((plugin) => valuesFor([plugin, "kernel"], settings));
  assert.equal(pypi?.(), { quiet: false, indexUrl: "https://one/" });
  assert.equal(http?.(), { quiet: false, retries: 2 });
  settingsTable(settings).amend("indexUrl", "https://two/", FILE);
  settingsTable(settings).amend("quiet", true, FILE);
  assert.equal(pypi?.(), { quiet: true, indexUrl: "https://two/" });
  assert.equal(http?.(), { quiet: true, retries: 2 });
});

test.run();

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { command, commandSpec } from "../../plugin-api/command.ts";
import { PybunError } from "../../plugin-api/error.ts";
import { type Option, options } from "../../plugin-api/option.ts";
import { definePlugin } from "../../plugin-api/plugin.ts";
import type { Report } from "../../plugin-api/report.ts";
import { Catalogue, Host, type SettingEntry, SettingsTable } from "../../plugin-api/services.ts";
import { fromLayer } from "../../plugin-api/setting-sources.ts";
import { readLayers } from "../../plugin-api/system/config-files.ts";
import { catalogueOf, plainStyle, sessionWith } from "../../test/harness/plugin-session.ts";
import get from "./get.ts";
import list from "./list.ts";
import whereFiles from "./path.ts";
import set from "./set.ts";
import unset from "./unset.ts";

const settings = options({
  offline: { kind: "flag", env: ["PYBUN_OFFLINE"], key: "offline", help: "" },
  linkMode: { kind: "text", choices: ["auto", "tree"], default: "auto", key: "link.mode", help: "" },
  findLinks: { kind: "list", key: "find-links", help: "" },
  sources: { kind: "table", key: "sources", argv: false, help: "" },
  apiToken: { kind: "text", key: "api-token", help: "" },
});
const run = commandSpec({
  summary: "",
  brief: "",
  maturity: "stable",
  group: "Run",
  options: { envFile: { kind: "list", key: "run.env-file", env: ["PYBUN_ENV_FILE"], help: "" } },
});
const sample = definePlugin({
  name: "sample",
  version: "1.0.0",
  apiVersion: 1,
  summary: "",
  maturity: "stable",
  settings,
  commands: { run: command(run, () => Promise.reject(new Error("not run"))) },
});
const flags = { user: false, project: false, local: false };
const changing = { ...flags, dryRun: false };
const listing = { ...flags, showOrigin: true, preset: false };

/** A home and a project in a temporary folder, and a session whose settings are read from them. */
function place(
  files: Readonly<Record<string, string>>,
  more: { env?: Record<string, string>; hasProject?: boolean } = {},
) {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "config-")));
  const [home, projectRoot] = [path.join(root, "home"), path.join(root, "project")];
  for (const folder of [home, projectRoot]) fs.mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    fs.writeFileSync(path.join(root, name), text);
  }
  const project = more.hasProject === false ? undefined : projectRoot;
  const host = {
    env: more.env ?? {},
    home,
    platform: "linux",
    projectRoot: project,
    cwd: projectRoot,
  } as unknown as Host;
  const layers = readLayers(host, () => {});
  const entries = Object.values<Option>(settings).map((option): SettingEntry => {
    const found = layers.map((layer) => fromLayer(layer, option)).findLast((value) => value !== undefined);
    const origin =
      host.env["PYBUN_OFFLINE"] && option.key === "offline"
        ? { kind: "environment", name: "PYBUN_OFFLINE" }
        : undefined;
    const none = { value: undefined, origin: { kind: "default", name: "built in" } } as const;
    return {
      key: option.key as string,
      option,
      plugin: "sample",
      ...(found ?? none),
      ...(origin && { origin }),
    } as SettingEntry;
  });
  const session = sessionWith([
    [Host, host],
    [Catalogue, catalogueOf([sample])],
    [SettingsTable, { entries, get: () => undefined }],
  ]);
  const read = (name: string) => fs.readFileSync(path.join(root, name), "utf8");
  return { session, read, root, [Symbol.dispose]: () => fs.rmSync(root, { recursive: true }) };
}

const text = (report: Report): string => report.text?.(plainStyle()) ?? "";
const fails = async (work: Promise<unknown>, code: string, message: string): Promise<void> => {
  try {
    await work;
  } catch (error) {
    assert.instance(error, PybunError);
    assert.is((error as PybunError).code, code);
    assert.match((error as PybunError).message, message);
    return;
  }
  assert.unreachable(`no ${code}`);
};
const USER = "home/.config/pybun/config.toml";

test("set writes into the user's file, which is made with its folder", async () => {
  using it = place({});
  const report = await set(changing, ["offline", "true"], it.session);
  assert.is(it.read(USER), "offline = true\n");
  assert.is(text(report), "Set offline = true in ~/.config/pybun/config.toml\n");
  assert.is(report.data["up_to_date"], false);
  assert.match(text(await set(changing, ["offline", "true"], it.session)), "Up to date: ~/.config");
});

test("--project writes into pyproject.toml's own table and keeps the rest", async () => {
  const before = "# mine\n[project]\nname = 'x' # name\n";
  using it = place({ "project/pyproject.toml": before });
  const report = await set({ ...changing, project: true }, ["link.mode", "tree"], it.session);
  assert.is(it.read("project/pyproject.toml"), `${before}\n[tool.pybun.link]\nmode = "tree"\n`);
  assert.is(text(report), 'Set link.mode = "tree" in pyproject.toml\n');
  await unset({ ...changing, project: true }, ["link"], it.session);
  assert.is(it.read("project/pyproject.toml"), before);
});

test("--local takes lists, --dry-run writes nothing", async () => {
  using it = place({ "project/pyproject.toml": "" });
  const local = { ...changing, local: true };
  const dry = await set({ ...local, dryRun: true }, ["find-links", "a", "b c"], it.session);
  assert.is(text(dry), 'Would set find-links = ["a", "b c"] in .pybun/config.toml\n');
  assert.not.ok(fs.existsSync(path.join(it.root, "project/.pybun")));
  await set(local, ["find-links", "a", "b c"], it.session);
  assert.is(it.read("project/.pybun/config.toml"), 'find-links = ["a", "b c"]\n');
});

test("a part of a table takes TOML or a word", async () => {
  using it = place({});
  await set(changing, ["sources.flask", '{ index = "corp" }'], it.session);
  await set(changing, ["sources.rich", "corp"], it.session);
  assert.is(it.read(USER), '[sources]\nflask = { index = "corp" }\nrich = "corp"\n');
});

test("what can't be set is refused before anything is written", async () => {
  using it = place({ [USER]: "link = 1\n", "project/pyproject.toml": "" }, {});
  await fails(set(changing, ["offlin", "true"], it.session), "E_USAGE", "no setting `offlin`");
  await fails(set(changing, ["offline", "maybe"], it.session), "E_USAGE", "`offline` takes true or false, not `maybe`");
  await fails(
    set(changing, ["link.mode", "blue"], it.session),
    "E_USAGE",
    "`link.mode` takes auto or tree, not `blue`",
  );
  await fails(set(changing, ["a b", "1"], it.session), "E_USAGE", "`a b` is no key");
  await fails(set(changing, ["link.mode", "tree"], it.session), "E_CONFIG_INVALID", "`link` is not a table");
  await fails(set({ ...changing, user: true, local: true }, ["offline", "true"], it.session), "E_USAGE", "exclude");
  assert.is(it.read(USER), "link = 1\n");
});

test("without a project its files can't be meant", async () => {
  using it = place({}, { hasProject: false });
  await fails(
    set({ ...changing, project: true }, ["offline", "true"], it.session),
    "E_PROJECT_NOT_FOUND",
    "pyproject.toml",
  );
});

test("a key nobody reads can be removed", async () => {
  using it = place({ [USER]: "offlin = true # typo\noffline = false\n" });
  assert.is(text(await unset(changing, ["offlin"], it.session)), "Removed offlin in ~/.config/pybun/config.toml\n");
  assert.is(it.read(USER), "offline = false\n");
});

test("whoever has the last word is named", async () => {
  using it = place({}, { env: { PYBUN_OFFLINE: "1" } });
  const report = await set(changing, ["offline", "false"], it.session);
  assert.equal(
    report.diagnostics?.map(({ message }) => message),
    ["`offline` is also set by PYBUN_OFFLINE, which has the last word"],
  );
});

test("a file that is a symbolic link stays one", async () => {
  using it = place({ "dotfiles/pybun.toml": "# kept\n" });
  fs.mkdirSync(path.join(it.root, "home/.config/pybun"), { recursive: true });
  fs.symlinkSync(path.join(it.root, "dotfiles/pybun.toml"), path.join(it.root, USER));
  await set(changing, ["offline", "true"], it.session);
  assert.is(it.read("dotfiles/pybun.toml"), "# kept\noffline = true\n");
});

test("get tells the value in force, or what one file says", async () => {
  using it = place({
    [USER]: "offline = true\nfind-links = ['a', 'b']\n",
    "project/pyproject.toml": "[tool.pybun]\noffline = false\n[tool.pybun.sources]\nflask = { index = 'corp' }\n",
  });
  const value = async (key: string, more: Partial<typeof flags> = {}) =>
    text(await get({ ...flags, ...more }, [key], it.session));
  assert.is(await value("offline"), "false");
  assert.is(await value("offline", { user: true }), "true");
  assert.is(await value("find-links"), "a\nb");
  assert.is(await value("sources.flask"), '{ index = "corp" }');
  assert.is(await value("sources.flask.index"), "corp");
});

test("list names the source of every value, with its line, of command options too, and hides secrets", async () => {
  using it = place(
    {
      [USER]: "# first\noffline = true\napi-token = 'hunter22'\n",
      "project/pyproject.toml": "[tool.pybun.link]\nmode = 'tree'\n",
    },
    { env: { PYBUN_ENV_FILE: ".env" } },
  );
  const report = await list(listing, [], it.session);
  assert.is(
    text(report),
    [
      "key           value     origin",
      'api-token     "***"     ~/.config/pybun/config.toml:3',
      "find-links              default",
      'link.mode     "tree"    pyproject.toml:2',
      "offline       true      ~/.config/pybun/config.toml:2",
      'run.env-file  [".env"]  PYBUN_ENV_FILE',
      "sources                 default",
    ].join("\n"),
  );
  assert.not.match(JSON.stringify(report.data), "hunter22");
  assert.match(
    text(await list({ ...listing, preset: true }, [], it.session)),
    "sample  1.0.0    stable  preset default",
  );
});

test("path lists the files, or prints one to be used", async () => {
  using it = place({ [USER]: "" });
  assert.match(text(await whereFiles(flags, [], it.session)), "user     ~/.config/pybun/config.toml\n");
  assert.is(text(await whereFiles({ ...flags, user: true }, [], it.session)), path.join(it.root, USER));
});

test.run();

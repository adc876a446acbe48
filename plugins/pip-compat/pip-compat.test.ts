import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Diagnostic } from "../../plugin-api/diagnostic.ts";
import { pipFiles } from "../../plugin-api/pip-config/files.ts";
import { IniSyntax, readIni } from "../../plugin-api/pip-config/ini.ts";
import type { ReadForeignSettings } from "../../plugin-api/plugin.ts";
import { findPython } from "../../test/harness/python.ts";
import readPipSettings from "./read-settings.ts";

type Env = Parameters<ReadForeignSettings>[0]["env"];

const inHome =
  (
    files: Readonly<Record<string, string>>,
    body: (home: string, read: (env?: Env) => readonly unknown[], told: Diagnostic[]) => void,
  ) =>
  () => {
    const home = fs.mkdtempSync(path.join(os.tmpdir(), "pip-compat-"));
    try {
      for (const [file, text] of Object.entries(files)) {
        fs.mkdirSync(path.dirname(path.join(home, file)), { recursive: true });
        fs.writeFileSync(path.join(home, file), text);
      }
      const told: Diagnostic[] = [];
      const read = (env: Env = {}) =>
        readPipSettings({ env, home, platform: "linux", cwd: "/srv", warn: (found) => void told.push(found) })
          // What the machine that runs the test says is no part of it.
          .filter(({ origin }) => origin.startsWith(home))
          .map(({ key, value, origin, line }) => [key, value, `${path.relative(home, origin)}:${line}`]);
      body(home, read, told);
    } finally {
      fs.rmSync(home, { recursive: true });
    }
  };

const TEXT = `# comment
[global]
index-url = https://a.example/simple
extra_index_url =
    https://b.example/simple
    ; not this one
    https://c.example/simple
find-links: ./wheels ~/more /abs https://d.example/links
no-index = no
--trusted-host = b.example  c.example:8080
cert = ca.pem
client-cert = /etc/client.pem
proxy = http://proxy.example:3128
timeout = 60
retries = 7
format = columns
constructor = x

[list]
no-index = true

[install]
no-index = true
`;

test(
  "all settings of indexes and network are read, each with its line",
  inHome({ ".config/pip/pip.conf": TEXT }, (home, read, told) => {
    const at = (line: number) => `.config/pip/pip.conf:${line}`;
    assert.equal(read(), [
      ["index-url", "https://a.example/simple", at(3)],
      ["extra-index-url", ["https://b.example/simple", "https://c.example/simple"], at(4)],
      ["find-links", ["/srv/wheels", path.join(home, "more"), "/abs", "https://d.example/links"], at(8)],
      ["no-index", false, at(9)],
      ["http.trusted-host", ["b.example", "c.example:8080"], at(10)],
      ["http.cert", "/srv/ca.pem", at(11)],
      ["http.client-cert", "/etc/client.pem", at(12)],
      ["http.proxy", "http://proxy.example:3128", at(13)],
      ["http.timeout", 60, at(14)],
      ["http.retries", 7, at(15)],
      ["no-index", true, at(23)],
    ]);
    assert.equal(told, []);
  }),
);

test(
  "files are read in pip's order, and a command's section goes before the general one of every file",
  inHome(
    {
      ".pip/pip.conf": "[global]\ntimeout=1\n[install]\nretries=1\n",
      ".config/pip/pip.conf": "[global]\ntimeout=2\n",
      "venv/pip.conf": "[global]\ntimeout=3\nretries=3\n",
      "named.conf": "[global]\ntimeout=4\n",
      "xdg/pip/pip.conf": "[global]\ntimeout=0\n",
    },
    (home, read) => {
      const last = (env?: Env) => Object.fromEntries(read(env).map((row) => (row as [string, unknown]).slice(0, 2)));
      assert.equal(last(), { "http.timeout": 2, "http.retries": 1 });
      const virtual = { VIRTUAL_ENV: path.join(home, "venv") };
      assert.equal(last(virtual), { "http.timeout": 3, "http.retries": 1 });
      assert.equal(last({ XDG_CONFIG_DIRS: path.join(home, "xdg") })["http.timeout"], 2);
      const named = { ...virtual, PIP_CONFIG_FILE: path.join(home, "named.conf") };
      assert.equal(last(named), { "http.timeout": 4, "http.retries": 3 }, "the user's file is then not read");
      assert.equal(read({ PIP_CONFIG_FILE: os.devNull }), []);
    },
  ),
);

test(
  "what can't be read is told of and passed over",
  inHome(
    {
      ".pip/pip.conf": "[global]\ntimeout = soon\nretries = 2\nno-index = perhaps\n",
      ".config/pip/pip.conf/x": "",
      "venv/pip.conf": "[global\nindex-url = x\n",
    },
    (home, read, told) => {
      assert.equal(read({ VIRTUAL_ENV: path.join(home, "venv") }), [["http.retries", 2, ".pip/pip.conf:3"]]);
      const words = told.map(({ code, message, line }) => [code, message.replaceAll(home, "~"), line]);
      assert.equal(words, [
        ["W_CONFIG_FOREIGN", "~/.config/pip/pip.conf can't be read: it is a folder", undefined],
        ["W_CONFIG_FOREIGN", "~/venv/pip.conf:1 can't be read: it stands before the first section", 1],
        ["W_CONFIG_FOREIGN", "`timeout` in [global] of ~/.pip/pip.conf:2 can't be `soon`", 2],
        ["W_CONFIG_FOREIGN", "`no-index` in [global] of ~/.pip/pip.conf:4 can't be `perhaps`", 4],
      ]);
    },
  ),
);

test("each system has its own places", () => {
  const files = (platform: string, env: Env = {}) => pipFiles({ env, home: "/h", platform });
  assert.equal(files("linux"), [
    "/etc/xdg/pip/pip.conf",
    "/etc/pip.conf",
    "/h/.pip/pip.conf",
    "/h/.config/pip/pip.conf",
  ]);
  assert.equal(files("linux", { XDG_CONFIG_HOME: "/c", XDG_CONFIG_DIRS: "/x:rel:/y" }), [
    "/x/pip/pip.conf",
    "/y/pip/pip.conf",
    "/etc/pip.conf",
    "/h/.pip/pip.conf",
    "/c/pip/pip.conf",
  ]);
  assert.ok(files("darwin").includes("/h/Library/Application Support/pip/pip.conf"));
  assert.ok(files("win32", { APPDATA: "/a" }).includes("/a/pip/pip.ini"));
});

const INI = [
  "[a]\nk=v\n K2 : v2\n",
  "\ufeff[a]\nk=v\n",
  "[a]\nk = v ; not a comment\nl = # nor this\n#k=x\n ;x\n",
  "[a]\nk =\n  one\n\n  two\n\n[b]\nk = a = b : c\n",
  "[a]\n  k = v\n  l = w\n    more\n[ b ]\nx=\n",
  "[a]\nk = v\n\t[b]\n\tl = w\n",
  "[a] trailing\nk=v\n",
  "[a]\r\nk = v\r\n  w\r\n",
  "k = v\n",
  "[a]\nk\n",
  "[a]\n= v\n",
  "[a]\nk=1\nK=2\n",
  "[a]\nk=1\n[a]\nl=2\n",
  "[a\nk=1\n",
  "[]\nk=1\n",
  "",
];
const ORACLE = `import configparser, io, json, sys
def read(text):
    parser = configparser.RawConfigParser()
    try:
        parser.read_file(io.TextIOWrapper(io.BytesIO(text.encode("utf-8")), "utf-8-sig"))
    except configparser.Error:
        return None
    return [[s, k, [l for l in v.split("\\n") if l]] for s in parser.sections() for k, v in parser.items(s)]
print(json.dumps([read(text) for text in json.load(sys.stdin)]))`;

const python = findPython();
(python ? test : test.skip)("INI files mean what Python's own reader makes of them", () => {
  const { stdout } = spawnSync(python!.path, ["-I", "-c", ORACLE], { input: JSON.stringify(INI), encoding: "utf8" });
  const ours = INI.map((text) => {
    try {
      return readIni(text).map(({ section, key, value }) => [section, key, value.split("\n").filter(Boolean)]);
    } catch (error) {
      if (error instanceof IniSyntax) return null;
      throw error;
    }
  });
  assert.equal(ours, JSON.parse(stdout));
});

test.run();

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Diagnostic } from "../../plugin-api/diagnostic.ts";
import type { ReadForeignSettings } from "../../plugin-api/plugin.ts";
import { uvLevels } from "./files.ts";
import readUvSettings from "./read-settings.ts";

type Env = Parameters<ReadForeignSettings>[0]["env"];
type Body = (read: (env?: Env, cwd?: string) => Record<string, unknown>, told: string[], root: string) => void;

/** `home` is the home directory, `home/code/project` the current one. */
const inRoot = (files: Readonly<Record<string, string>>, body: Body) => () => {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "uv-compat-")));
  try {
    fs.mkdirSync(path.join(root, "home/code/project"), { recursive: true });
    for (const [file, text] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      fs.writeFileSync(path.join(root, file), text);
    }
    const told: string[] = [];
    const warn = ({ code, message }: Diagnostic) => void told.push(`${code} ${message.replaceAll(root, "")}`);
    const shown = (value: unknown) => JSON.parse(JSON.stringify(value).replaceAll(root, "")) as unknown;
    const read = (env: Env = {}, cwd = "home/code/project") => {
      const place = { home: path.join(root, "home"), platform: "linux", cwd: path.join(root, cwd), warn };
      const found = readUvSettings({ ...place, env: { XDG_CONFIG_DIRS: path.join(root, "xdg"), ...env } });
      return Object.fromEntries(found.map(({ key, value, origin }) => [key, shown([value, origin])]));
    };
    body(read, told, root);
  } finally {
    fs.rmSync(root, { recursive: true });
  }
};

const PROJECT = "/home/code/project/pyproject.toml";
const USER = "/home/.config/uv/uv.toml";

test(
  "[tool.uv] and the user's file say together where packages come from",
  inRoot(
    {
      "home/code/project/pyproject.toml": `
        [tool.uv]
        find-links = ["wheels", "https://a.example/links"]
        index-strategy = "unsafe-best-match"
        dev-dependencies = ["x"]
        [[tool.uv.index]]
        name = "corp"
        url = "https://corp.example/simple"
        explicit = true
        [[tool.uv.index]]
        url = "./mirror"
        default = true
        [[tool.uv.index]]
        name = "flat"
        url = "../flat"
        format = "flat"
        [[tool.uv.index]]
        name = "only"
        url = "https://only.example/all.html"
        format = "flat"
        explicit = true
        exclude-newer = "2025-01-01"
        [tool.uv.sources]
        torch = { index = "corp" }
        jax = [{ index = "corp", marker = "sys_platform == 'linux'" }, { url = "https://x.example/jax.whl" }]
        other = { git = "https://x.example/other" }
        [tool.uv.exclude-newer-package]
        torch = false`,
      "home/.config/uv/uv.toml": `
        index-strategy = "first-index"
        find-links = ["/shared/wheels"]
        no-index = false
        offline = true
        allow-insecure-host = ["corp.example"]
        keyring-provider = "subprocess"
        exclude-newer = "7 days"
        extra-index-url = ["https://b.example/simple"]
        index = [{ name = "corp", url = "https://old.example/simple" }, { name = "more", url = "https://c.example/simple" }]`,
      "xdg/uv/uv.toml": `index-url = "https://d.example/simple"\noffline = false\npython-downloads = "manual"\npython-install-mirror = "./pythons"\n`,
    },
    (read, told) => {
      assert.equal(read(), {
        index: [
          [
            { url: "https://corp.example/simple", name: "corp", explicit: true },
            { url: "/home/code/project/mirror", default: true },
            { url: "/home/code/flat", name: "flat", explicit: true, format: "flat" },
            {
              url: "https://only.example/all.html",
              name: "only",
              explicit: true,
              format: "flat",
              "exclude-newer": "2025-01-01",
            },
            { url: "https://c.example/simple", name: "more" },
          ],
          PROJECT,
        ],
        "index-url": ["https://d.example/simple", "/xdg/uv/uv.toml"],
        "extra-index-url": [["https://b.example/simple"], USER],
        "find-links": [
          ["/home/code/project/wheels", "https://a.example/links", "/home/code/flat", "/shared/wheels"],
          PROJECT,
        ],
        "no-index": [false, USER],
        "index-strategy": ["unsafe-best-match", PROJECT],
        offline: [true, USER],
        "python-downloads": ["manual", "/xdg/uv/uv.toml"],
        "python-mirror": ["/xdg/uv/pythons", "/xdg/uv/uv.toml"],
        "http.trusted-host": [["corp.example"], USER],
        "keyring-provider": ["subprocess", USER],
        "exclude-newer": ["7 days", USER],
        "exclude-newer-package": [{ torch: false }, PROJECT],
        sources: [
          {
            torch: { index: "corp" },
            jax: [{ index: "corp", marker: "sys_platform == 'linux'" }, { url: "https://x.example/jax.whl" }],
          },
          PROJECT,
        ],
      });
      assert.equal(told, []);
    },
  ),
);

test(
  "uv.toml stands for the project's own file, a folder above for one that says nothing",
  inRoot(
    {
      "home/code/project/pyproject.toml": "[tool.uv]\nno-index = true\n",
      "home/code/project/uv.toml": "offline = true\n",
      "home/code/pyproject.toml": "[tool]\nuv = { no-index = false }\n",
      "home/code/other/pyproject.toml": '[project]\nname = "x"\n',
      "home/pyproject.toml": "[tool.uv]\noffline = true\n",
      "named.toml": "no-index = true\n",
    },
    (read, _told, root) => {
      assert.equal(read(), { offline: [true, "/home/code/project/uv.toml"] });
      assert.equal(read({}, "home/code/other"), { "no-index": [false, "/home/code/pyproject.toml"] });
      assert.equal(read({ UV_NO_CONFIG: "1" }), {});
      assert.equal(read({ UV_CONFIG_FILE: path.join(root, "named.toml") }), { "no-index": [true, "/named.toml"] });
    },
  ),
);

test(
  "what can't be read is told of and passed over",
  inRoot(
    {
      "home/code/project/pyproject.toml": "[tool.uv\n",
      "home/.config/uv/uv.toml":
        'offline = "yes"\nno-index = true\nindex = [{ name = "x" }]\nindex-strategy = "best"\n',
      "xdg/uv/uv.toml": "offline = tru\n",
    },
    (read, told) => {
      assert.equal(read(), { "no-index": [true, USER] });
      assert.equal(told, [
        "W_CONFIG_FOREIGN /xdg/uv/uv.toml:1 is not TOML",
        `W_CONFIG_FOREIGN \`index\` in ${USER} has a value that uv would not take`,
        `W_CONFIG_FOREIGN \`index-strategy\` in ${USER} has a value that uv would not take`,
        `W_CONFIG_FOREIGN \`offline\` in ${USER} has a value that uv would not take`,
      ]);
    },
  ),
);

test("each system has its own places", () => {
  const files = (platform: string, env: Env = {}) =>
    uvLevels({ env, home: "/h", platform, cwd: "/h/p" }).slice(1).flat();
  assert.equal(files("linux"), ["/h/.config/uv/uv.toml", "/etc/xdg/uv/uv.toml", "/etc/uv/uv.toml"]);
  assert.equal(files("darwin", { XDG_CONFIG_HOME: "/c" })[0], "/c/uv/uv.toml");
  assert.equal(files("win32", { APPDATA: "/a", PROGRAMDATA: "/b" }), ["/a/uv/uv.toml", "/b/uv/uv.toml"]);
});

test.run();

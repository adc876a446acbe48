import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { inPlace, type Place } from "../harness/project.ts";

const MAIN = `import importlib.metadata, sys


def main():
    print(sorted(d.name + " " + d.version for d in importlib.metadata.distributions()), sys.argv[1:])
`;
const tool = (version: string, commands: readonly string[], requires: readonly string[] = []) => ({
  name: "my-tool",
  version,
  requires,
  files: { "my_tool.py": MAIN },
  "console-scripts": Object.fromEntries(commands.map((name) => [name, "my_tool:main"])),
});
const index = await startIndex({
  packages: [
    tool("1.0", ["my-tool", "old-name"], ["dep"]),
    tool("2.0", ["my-tool", "new-name"], ["dep"]),
    {
      name: "other-tool",
      version: "1.0",
      files: { "other.py": "def main():\n    print('other')\n" },
      "console-scripts": { "my-tool": "other:main", other: "other:main" },
    },
    { name: "dep", version: "1.0" },
    { name: "dep", version: "2.0" },
    { name: "plugin", version: "1.0", requires: ["dep"] },
    { name: "library", version: "1.0" },
  ],
});
test.after(() => index.stop());
const placed = (body: (place: Place) => Promise<void>) => inPlace(body, { index });

const bin = (place: Place): string => path.join(place.home, ".local", "bin");
const launchers = (place: Place): readonly string[] =>
  fs.existsSync(bin(place)) ? fs.readdirSync(bin(place)).sort() : [];
const call = (place: Place, command: string, ...args: readonly string[]): string =>
  spawnSync(path.join(bin(place), command), args, { encoding: "utf8" }).stdout;
const onPath = (place: Place) => ({ env: { PATH: `${bin(place)}${path.delimiter}${process.env["PATH"]}` } });
const tools = async (place: Place) =>
  (await place.run(["--format=json", "tool", "list"])).json().data["tools"] as readonly Record<string, unknown>[];

test(
  "an installed tool runs from the folder of commands, in an environment of its own",
  placed(async (place) => {
    const { exitCode, stdout, stderr } = await place.run(["tool", "install", "my-tool"], {
      ...onPath(place),
      cwd: place.home,
    });
    assert.equal([exitCode, stderr], [0, ""]);
    assert.match(
      stdout,
      /^ \+ my-tool {2}2\.0 {2}commands my-tool, new-name\nInstalled 1 tool in .*, ~\/\.local\/bin\n$/,
    );
    assert.equal(launchers(place), ["my-tool", "new-name"]);
    assert.is(call(place, "my-tool", "a", "--b"), "['dep 2.0', 'my-tool 2.0'] ['a', '--b']\n");
    const [row] = await tools(place);
    assert.equal(
      [row?.["name"], row?.["version"], row?.["commands"], row?.["damage"]],
      ["my-tool", "2.0", ["my-tool", "new-name"], null],
    );
  }),
);

test(
  "a folder of commands that is not on PATH is told, with the way to put it there",
  placed(async (place) => {
    const { stderr } = await place.run(["tool", "install", "my-tool"]);
    assert.match(stderr, /warning\[W_TOOL_PATH\]: ~\/\.local\/bin is not on PATH/);
    assert.match(stderr, "pybun tool update-shell");
    const env = { SHELL: "/bin/bash" };
    fs.writeFileSync(path.join(place.home, ".bashrc"), "alias ll='ls -l'");
    const dry = await place.run(["tool", "update-shell", "--dry-run"], { env });
    assert.match(dry.stdout, "Would add ~/.local/bin to PATH");
    assert.is(fs.readFileSync(path.join(place.home, ".bashrc"), "utf8"), "alias ll='ls -l'");
    assert.match((await place.run(["tool", "update-shell"], { env })).stdout, "Added ~/.local/bin to PATH");
    assert.match((await place.run(["tool", "update-shell"], { env })).stdout, /^Up to date/);
    const shown = spawnSync("bash", ["-c", `. ~/.bashrc; command -v new-name`], {
      encoding: "utf8",
      env: { HOME: place.home, PATH: "/usr/bin:/bin" },
    });
    assert.is(shown.stdout, `${path.join(bin(place), "new-name")}\n`);
  }),
);

test(
  "PYBUN_TOOL_BIN_DIR puts commands elsewhere, and what was asked for twice is not done twice",
  placed(async (place) => {
    const env = { PYBUN_TOOL_BIN_DIR: path.join(place.root, "commands") };
    await place.run(["tool", "install", "my-tool"], { env });
    assert.equal(fs.readdirSync(env.PYBUN_TOOL_BIN_DIR).sort(), ["my-tool", "new-name"]);
    assert.is((await place.run(["tool", "dir", "--bin"], { env })).stdout, `${env.PYBUN_TOOL_BIN_DIR}\n`);
    const again = await place.run(["tool", "install", "my-tool"], { env });
    assert.match(again.stdout, /^Up to date: 1 tool/);
  }),
);

test(
  "upgrade keeps to what was asked for, takes new commands and drops old ones",
  placed(async (place) => {
    await place.run(["tool", "install", "my-tool<2", "--with", "plugin"], onPath(place));
    assert.equal(launchers(place), ["my-tool", "old-name"]);
    assert.match((await place.run(["tool", "upgrade", "my-tool"], onPath(place))).stdout, /^Up to date: 1 tool/);
    await place.run(["tool", "install", "my-tool==1.0"], onPath(place));
    const other = await place.run(["tool", "install", "my-tool@latest"], onPath(place));
    assert.match(other.stdout, /^ ~ my-tool {2}1\.0 -> 2\.0 {2}commands my-tool, new-name\n/);
    assert.equal(launchers(place), ["my-tool", "new-name"]);
  }),
);

test(
  "inject adds to a tool, leaves what it has at its version, and upgrade keeps what was added",
  placed(async (place) => {
    await place.run(["tool", "install", "my-tool", "--with", "dep<2"]);
    await place.run(["tool", "inject", "my-tool", "plugin"]);
    const all = "['dep 1.0', 'my-tool 2.0', 'plugin 1.0'] []\n";
    assert.is(call(place, "my-tool"), all);
    await place.run(["tool", "upgrade", "--all"]);
    assert.is(call(place, "my-tool"), all);
  }),
);

test(
  "an upgrade looks where the tool was installed from, each tool where it was",
  placed(async (place) => {
    const own = await startIndex({ packages: [{ ...tool("1.0", ["own-tool"]), name: "own-tool" }] });
    try {
      assert.is((await place.run(["tool", "install", "my-tool<2"])).exitCode, 0);
      const { exitCode, stderr } = await place.run(["tool", "install", "own-tool", "--extra-index", own.url]);
      assert.equal([exitCode, stderr.replace(/warning\[W_TOOL_PATH\][^]*/, "")], [0, ""]);
      own.add({ ...tool("1.1", ["own-tool"]), name: "own-tool" });
      const dry = await place.run(["tool", "upgrade", "--all", "--dry-run", "--refresh"]);
      assert.match(dry.stdout, /^ ~ own-tool {2}1\.0 -> 1\.1 .*\nWould upgrade 1 tool\n$/, dry.stderr);
      const all = await place.run(["tool", "upgrade", "--all", "--refresh"], onPath(place));
      assert.match(all.stdout, /^ ~ own-tool {2}1\.0 -> 1\.1 .*\nUpgraded 1 tool in /, all.stderr);
      own.add({ ...tool("1.2", ["own-tool"]), name: "own-tool" });
      const one = await place.run(["tool", "upgrade", "own-tool", "--refresh"], onPath(place));
      assert.match(one.stdout, /^ ~ own-tool {2}1\.1 -> 1\.2 .*\nUpgraded 1 tool in /, one.stderr);
      assert.is((await place.run(["tool", "inject", "own-tool", "plugin"])).exitCode, 0);
      const moved = await place.run(["tool", "upgrade", "own-tool", "--extra-index", index.url, "--refresh"]);
      assert.match(moved.stderr, "no package named `own-tool`", "what is typed now counts");
      const anew = await place.run(["tool", "install", "own-tool"], onPath(place));
      assert.is(anew.exitCode, 0, "who names no index says nothing of it");
    } finally {
      await own.stop();
    }
  }),
);

test(
  "a command of another tool, or of somebody else, is replaced only when it is asked for",
  placed(async (place) => {
    await place.run(["tool", "install", "my-tool"]);
    const refused = await place.run(["tool", "install", "other-tool"]);
    assert.is(refused.exitCode, 6);
    assert.match(
      refused.stderr,
      /E_TOOL_COMMAND_TAKEN\]: ~\/\.local\/bin\/my-tool is there already: it belongs to tool/,
    );
    assert.match(refused.stderr, "`pybun tool install other-tool --force`");
    assert.equal((await tools(place)).length, 1);
    assert.not.ok(fs.existsSync(path.join(place.data, "tools", "other-tool")));
    fs.writeFileSync(path.join(bin(place), "other"), "mine");
    const forced = await place.run(["tool", "install", "other-tool", "--force"]);
    assert.is(forced.exitCode, 0, forced.stderr);
    assert.is(call(place, "my-tool"), "other\n");
    // The other one has lost a command, and can be mended only by force.
    assert.match((await place.run(["tool", "list"])).stdout, "mend it: `pybun tool install my-tool --force`");
    await place.run(["tool", "uninstall", "my-tool"]);
    assert.equal(launchers(place), ["my-tool", "other"]);
    assert.is(call(place, "my-tool"), "other\n");
  }),
);

test(
  "uninstall leaves nothing, and a dry run changes nothing",
  placed(async (place) => {
    await place.run(["tool", "install", "my-tool"]);
    const dry = await place.run(["tool", "uninstall", "my-tool", "--dry-run"]);
    assert.match(dry.stdout, /^ - my-tool {2}2\.0 .*\nWould remove 1 tool\n$/);
    assert.equal(launchers(place), ["my-tool", "new-name"]);
    const { stdout } = await place.run(["tool", "uninstall", "my-tool"]);
    assert.match(stdout, /Removed 1 tool/);
    assert.equal(launchers(place), []);
    assert.not.ok(fs.existsSync(path.join(place.data, "tools")));
    const notes = path.join(place.data, "environments");
    assert.equal(fs.existsSync(notes) ? fs.readdirSync(notes) : [], []);
    const again = await place.run(["tool", "uninstall", "my-toll"]);
    assert.is(again.exitCode, 2);
    assert.match(again.stderr, "E_TOOL_NOT_FOUND");
  }),
);

test(
  "a damaged environment is told, and made again of what is locked",
  placed(async (place) => {
    await place.run(["tool", "install", "my-tool", "--with", "dep<2"]);
    const root = path.join(place.data, "tools", "my-tool");
    for (const damage of ["pyvenv.cfg", "bin/python"]) {
      fs.rmSync(path.join(root, damage), { recursive: true });
      const [row] = await tools(place);
      assert.type(row?.["damage"], "string", damage);
      const { exitCode, stderr } = await place.run(["tool", "install", "my-tool", "--with", "dep<2", "--offline"]);
      assert.is(exitCode, 0, stderr);
      assert.is(call(place, "my-tool"), "['dep 1.0', 'my-tool 2.0'] []\n");
    }
    fs.rmSync(path.join(bin(place), "new-name"));
    await place.run(["tool", "upgrade", "my-tool"]);
    assert.equal(launchers(place), ["my-tool", "new-name"]);
  }),
);

test(
  "collecting everything leaves installed tools as they are",
  placed(async (place) => {
    await place.run(["tool", "install", "my-tool"]);
    const { exitCode } = await place.run(["gc", "--max-size", "0"]);
    assert.is(exitCode, 0);
    assert.is(call(place, "my-tool"), "['dep 2.0', 'my-tool 2.0'] []\n");
  }),
);

test(
  "what is no tool is refused, and nothing stays",
  placed(async (place) => {
    const { exitCode, stderr } = await place.run(["tool", "install", "library"]);
    assert.is(exitCode, 2);
    assert.match(stderr, /E_TOOL_NO_COMMAND\]: package `library 1\.0` has no command/);
    assert.equal(await tools(place), []);
    assert.not.ok(fs.existsSync(path.join(place.data, "tools", "library")));
  }),
);

test(
  "a project's Python is not that of its users' tools",
  placed(async (place) => {
    place.write({
      ".python-version": "3.1\n",
      "pyproject.toml": "[project]\nname='p'\nversion='1'\nrequires-python='<3'\n",
    });
    const { exitCode, stderr } = await place.run(["tool", "install", "my-tool"], onPath(place));
    assert.equal([exitCode, stderr], [0, ""]);
  }),
);

test(
  "an editable tool runs what its folder holds now",
  placed(async (place) => {
    place.write({
      "t/pyproject.toml": `[project]
name = "t"
version = "1"
[project.scripts]
t-command = "t:main"
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
`,
      "t/backend.py": BACKEND,
      "t/t.py": "def main():\n    print('first')\n",
    });
    const { exitCode, stderr } = await place.run(["tool", "install", "--editable", "./t"], onPath(place));
    assert.equal([exitCode, stderr], [0, ""]);
    assert.is(call(place, "t-command"), "first\n");
    place.write({ "t/t.py": "def main():\n    print('second')\n" });
    assert.is(call(place, "t-command"), "second\n");
  }),
);

const BACKEND = `import base64, hashlib, os, zipfile


def build_editable(folder, config_settings=None, metadata_directory=None):
    name = "t-1-py3-none-any.whl"
    info = "t-1.dist-info"
    files = {
        "t.pth": os.environ.get("T_SOURCE", os.getcwd()) + "\\n",
        info + "/METADATA": "Metadata-Version: 2.1\\nName: t\\nVersion: 1\\n",
        info + "/WHEEL": "Wheel-Version: 1.0\\nGenerator: x\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
        info + "/entry_points.txt": "[console_scripts]\\nt-command = t:main\\n",
    }
    rows = []
    with zipfile.ZipFile(os.path.join(folder, name), "w") as wheel:
        for path, text in files.items():
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
            rows.append(f"{path},sha256={digest},{len(text)}")
            wheel.writestr(path, text)
        wheel.writestr(info + "/RECORD", "\\n".join([*rows, info + "/RECORD,,", ""]))
    return name


build_wheel = build_editable
`;

test(
  "tool run is x",
  placed(async (place) => {
    const { stdout, stderr } = await place.run(["tool", "run", "my-tool==1.0", "--flag"]);
    assert.equal([stdout, stderr], ["['dep 2.0', 'my-tool 1.0'] ['--flag']\n", ""]);
  }),
);

test.run();

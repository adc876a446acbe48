import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { inPlace, type Place } from "../harness/project.ts";
import { requirePython } from "../harness/python.ts";

// What is compared with pip itself stands in test/pip.

const index = await startIndex({
  packages: [
    { name: "app", version: "1.0", requires: ["lib", "tool"] },
    { name: "lib", version: "2.0", requires: ["base"] },
    { name: "tool", version: "3.0", requires: ["base", "lib"] },
    { name: "base", version: "1.0" },
    { name: "one", version: "1.0", requires: ["two"] },
    { name: "two", version: "1.0", requires: ["one"] },
  ],
});
test.after(() => index.stop());
const inside = (body: (place: Place) => Promise<void>) => inPlace(body, { index });

const GROUPS = `[dependency-groups]
dev = ["lib<3", { include-group = "More" }]
more = ["two; os_name == 'none'", "base"]
bad = ["!!"]
loop = [{ include-group = "loop" }]
`;
const refused: readonly (readonly [group: string, words: RegExp])[] = [
  ["nope", /E_PROJECT_INVALID.*`nope`/],
  ["loop", /E_PROJECT_INVALID.*include each other/],
  ["bad", /E_PROJECT_INVALID.*`!!`/],
  ["none/pyproject.toml:dev", /E_REQUIREMENTS_INVALID.*there is no file `none\/pyproject\.toml`/],
  ["groups.toml:dev", /E_REQUIREMENTS_INVALID.*of a pyproject\.toml/],
  ["empty/pyproject.toml:dev", /E_REQUIREMENTS_INVALID.*no table `\[dependency-groups\]`/],
];
test(
  "--group takes what dependency groups of a pyproject.toml ask for",
  inside(async (place) => {
    place.write({
      "pyproject.toml": GROUPS,
      "at/pyproject.toml": GROUPS,
      "empty/pyproject.toml": "",
      "groups.toml": GROUPS,
    });
    const installed = await place.run(["pip", "install", "--group", "DEV", "--group=at/pyproject.toml:more"]);
    assert.equal(
      [installed.exitCode, /installed base-1\.0 lib-2\.0/.test(installed.stdout)],
      [0, true],
      installed.stderr,
    );
    const fetched = await place.run([
      "pip",
      "download",
      "-q",
      "--no-deps",
      "-d",
      "there",
      "--group",
      "at/pyproject.toml:dev",
    ]);
    assert.is(fetched.exitCode, 0, fetched.stderr);
    assert.equal(fs.readdirSync(path.join(place.cwd, "there")).sort(), [
      "base-1.0-py3-none-any.whl",
      "lib-2.0-py3-none-any.whl",
    ]);
    const compiled = await place.run(["pip", "compile", "--no-header", "--group", "dev"]);
    assert.is(
      compiled.stdout,
      "base==1.0\n    # via\n    #   pyproject.toml:dev\n    #   lib\nlib==2.0\n    # via pyproject.toml:dev\n",
    );
    for (const [group, words] of refused) {
      const { exitCode, stderr } = await place.run(["pip", "install", "--group", group]);
      assert.is(exitCode, 1, stderr);
      assert.match(stderr, words);
    }
  }),
);

test(
  "tree draws what requires what, each part once",
  inside(async (place) => {
    await place.run(["pip", "install", "app"]);
    const tree = async (...words: readonly string[]) => (await place.run(["pip", "tree", ...words])).stdout.split("\n");
    assert.equal(await tree(), [
      "app 1.0",
      "|- lib 2.0",
      "|  `- base 1.0",
      "`- tool 3.0",
      "   |- base 1.0",
      "   `- lib 2.0 (*)",
      "",
    ]);
    assert.equal(await tree("--depth", "1"), ["app 1.0", "|- lib 2.0", "`- tool 3.0", ""]);
    assert.equal(await tree("--invert", "--package", "Lib"), [
      "lib 2.0",
      "|- app 1.0",
      "`- tool 3.0",
      "   `- app 1.0",
      "",
    ]);
    assert.is((await place.run(["pip", "tree", "--package", "nowhere"])).exitCode, 1);
  }),
);

test(
  "tree draws circles, too",
  inside(async (place) => {
    await place.run(["pip", "install", "one"]);
    assert.is((await place.run(["pip", "tree"])).stdout, "one 1.0\n`- two 1.0\n   `- one 1.0 (*)\n");
  }),
);

test(
  "the cache has a folder, is listed, and is emptied of what no environment uses",
  inside(async (place) => {
    assert.is((await place.run(["pip", "cache", "dir"])).stdout, `${place.data}\n`);
    assert.is((await place.run(["pip", "cache", "list"])).stdout, "No locally built wheels cached.\n");
    await place.run(["pip", "install", "base"]);
    assert.match((await place.run(["pip", "cache", "list", "b*"])).stdout, /^Cache contents:\n\n - base 1\.0 \(/);
    assert.match((await place.run(["pip", "cache", "info"])).stdout, `Location: ${place.data}`);
    await place.run(["pip", "cache", "purge"]);
    assert.match((await place.run(["pip", "cache", "list"])).stdout, "base 1.0", "the environment uses it");
    await place.run(["pip", "uninstall", "-y", "base"]);
    assert.match((await place.run(["pip", "cache", "remove", "base"])).stdout, "Files removed: 1");
    assert.is((await place.run(["pip", "cache", "list"])).stdout, "No locally built wheels cached.\n");
  }),
);

test(
  "what is set in pip's file counts for PyBun",
  inside(async (place) => {
    const env = { PIP_CONFIG_FILE: "", PYBUN_INDEX_URL: undefined };
    const run = (...words: readonly string[]) => place.run(["pip", ...words], { env });
    const { stdout } = await run("config", "set", "global.index-url", index.url);
    assert.is(stdout, `Writing to ${path.join(place.home, ".config", "pip", "pip.conf")}\n`);
    assert.is((await run("install", "base")).exitCode, 0);
    assert.match((await run("config", "list", "--user")).stdout, `global.index-url='${index.url}'\n`);
  }),
);

test(
  "downloads install again without any index",
  inside(async (place) => {
    await place.run(["pip", "download", "-d", "wheels", "app"]);
    const { stdout } = await place.run(["pip", "install", "--no-index", "-f", "wheels", "app"]);
    assert.is(stdout, "Successfully installed app-1.0 base-1.0 lib-2.0 tool-3.0\n");
  }),
);

test(
  "an installation gets files: in the folder of the user, and below another root",
  inside(async (place) => {
    const python = requirePython();
    const pip = (...words: readonly string[]) => place.run(["pip", ...words, "--python", python.path]);
    const own = ["--break-system-packages", "base"];
    assert.is((await pip("install", "--user", ...own)).exitCode, 0);
    const minor = `python${python.version.slice(0, 2).join(".")}`;
    const user = path.join(place.home, ".local", "lib", minor, "site-packages", "base", "__init__.py");
    assert.not.ok(fs.lstatSync(user).isSymbolicLink());
    assert.match((await pip("list", "--user")).stdout, "base    1.0");
    assert.match((await pip("install", "--user", ...own)).stdout, "Requirement already satisfied: base in ");
    assert.is((await pip("uninstall", "-y", ...own)).stdout.split("\n").at(-2), "Successfully uninstalled base-1.0");
    assert.not.ok(fs.existsSync(user));
    assert.is((await pip("install", "--root", "image", ...own)).exitCode, 0);
    const found = fs.readdirSync(path.join(place.cwd, "image"), { recursive: true, encoding: "utf8" });
    assert.ok(found.some((file) => file.endsWith(path.join("-packages", "base", "__init__.py"))));
  }),
);

test(
  "what somebody changed in a clone stays",
  inside(async (place) => {
    place.write({
      "repo/pyproject.toml": "[project]\nname = 'demo'\nversion = '1.0'\n",
      "repo/text.txt": "one",
    });
    const git = (folder: string, words: string) => {
      const who = ["-c", "user.name=a", "-c", "user.email=a@example.org"];
      return execFileSync("git", [...who, ...words.split(" ")], {
        cwd: path.join(place.cwd, folder),
        encoding: "utf8",
      });
    };
    git("repo", "init -q -b main .");
    git("repo", "add -A .");
    git("repo", "commit -qm one");
    const url = `git+file://${place.cwd}/repo#egg=demo`;
    const install = () =>
      place.run(["pip", "install", "--no-index", "--dry-run", "--no-deps", "--src", "src", "-e", url]);
    await install();
    place.write({ "src/demo/text.txt": "mine", "repo/other.txt": "two" });
    git("repo", "add -A .");
    git("repo", "commit -qm two");
    await place.run(["pip", "install", "--refresh", "--no-index", "--dry-run", "--src", "src", "-e", url]);
    assert.is(place.read("src/demo/text.txt"), "mine");
    assert.is(place.read("src/demo/other.txt"), "two");
    assert.is(git("src/demo", "rev-parse HEAD"), git("repo", "rev-parse HEAD"));
  }),
);

test.run();

import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { inPlace } from "../harness/project.ts";

const PROJECT = "[project]\nname = 'a'\nversion = '1'\n";

test(
  "set, get and unset agree, each file on its own, and the nearer file wins",
  inPlace(async (place) => {
    place.write({ "pyproject.toml": PROJECT });
    const get = async (...words: string[]): Promise<string> => (await place.run(["config", "get", ...words])).stdout;
    assert.is((await place.run(["config", "set", "--user", "link.mode", "copy"])).exitCode, 0);
    assert.match(await get("link.mode"), "copy");
    await place.run(["config", "set", "--project", "link.mode", "hardlink"]);
    assert.match(await get("link.mode"), "hardlink");
    await place.run(["config", "set", "--local", "link.mode", "clone"]);
    assert.match(await get("link.mode"), "clone");
    assert.match(await get("--user", "link.mode"), "copy");
    await place.run(["config", "unset", "--local", "link.mode"]);
    await place.run(["config", "unset", "--project", "link.mode"]);
    assert.match(await get("link.mode"), "copy");
  }),
);

test(
  "writing keeps comments, order and quoting of the file",
  inPlace(async (place) => {
    const before = `# mine\n${PROJECT}\n[tool.other] # not ours\nx = 1   # one\n`;
    place.write({ "pyproject.toml": before });
    await place.run(["config", "set", "--project", "offline", "true"]);
    const after = place.read("pyproject.toml");
    assert.ok(after.startsWith(before), after);
    assert.match(after.slice(before.length), /\[tool\.pybun\]\s+offline = true\s+$/);
    await place.run(["config", "set", "--project", "offline", "false"]);
    assert.is(place.read("pyproject.toml"), after.replace("offline = true", "offline = false"));
  }),
);

/** Key, words and the start of what is said. Each would stop every later command, were it written. */
const REFUSED: readonly (readonly [words: readonly string[], said: string])[] = [
  [["dependency-metadata", "3"], "`dependency-metadata` takes a table, not `3`"],
  [["cache.max-age", "9x"], "`cache.max-age` takes an age such as `90d`, not `9x`"],
  [["concurrency.downloads", "0"], "`concurrency.downloads` takes a whole number, 1 or more, not `0`"],
  [["constraints", "rich>=14", "a b"], "`constraints` takes requirements such as `rich>=14`, not `rich>=14 a b`"],
  [["sources.flask", "nonsense"], "`sources` takes by name a table such as `{ git ="],
  [["link.mode", "blue"], "`link.mode` takes auto, tree, clone, hardlink or copy, not `blue`"],
  [["offline", "maybe"], "`offline` takes true or false, not `maybe`"],
  [["ofline", "true"], "no setting `ofline`"],
];

test(
  "what nobody could read is refused, and the file stays as it was",
  inPlace(async (place) => {
    place.write({ "pyproject.toml": `${PROJECT}\n[tool.pybun]\nsources = {}\n` });
    const before = place.read("pyproject.toml");
    for (const scope of ["--project", "--user", "--local"])
      for (const [words, said] of REFUSED) {
        const { exitCode, stdout, stderr } = await place.run(["config", "set", scope, ...words]);
        assert.equal([exitCode, stdout], [2, ""], words.join(" "));
        assert.ok(stderr.startsWith(`error[E_USAGE]: ${said}`), stderr);
        assert.match(stderr, /\nhint: /, stderr);
      }
    assert.is(place.read("pyproject.toml"), before);
    assert.is(place.exists(".pybun/config.toml") || fs.existsSync(path.join(place.home, ".config/pybun")), false);
  }),
);

test(
  "--dry-run changes nothing and says what would change",
  inPlace(async (place) => {
    place.write({ "pyproject.toml": PROJECT });
    const { exitCode, stdout } = await place.run(["config", "set", "--project", "--dry-run", "offline", "true"]);
    assert.is(exitCode, 0);
    assert.match(stdout, "offline");
    assert.is(place.read("pyproject.toml"), PROJECT);
  }),
);

test(
  "list --show-origin names file, variable and flag",
  inPlace(async (place) => {
    place.write({ "pyproject.toml": `${PROJECT}[tool.pybun]\noffline = true\n` });
    const { stdout } = await place.run(["config", "list", "--show-origin", "--color=never"], {
      env: { PYBUN_LINK_MODE: "copy" },
    });
    const line = (key: string): string => stdout.split("\n").find((each) => each.startsWith(key)) ?? "";
    assert.match(line("offline"), "pyproject.toml:5");
    assert.match(line("link.mode"), "PYBUN_LINK_MODE");
    assert.match(line("ui.color"), "--color");
    assert.match(line("ui.progress"), "default");
  }),
);

test(
  "an unknown key, a value of the wrong type and a broken file are told with file and line",
  inPlace(async (place) => {
    const unknown = await place.run(["config", "set", "ofline", "true"]);
    assert.is(unknown.exitCode, 2, unknown.stderr);
    assert.match(unknown.stderr, "offline");
    place.write({ "pyproject.toml": `${PROJECT}[tool.pybun]\noffline = "perhaps"\n` });
    const wrong = await place.run(["python", "list"]);
    assert.is(wrong.exitCode, 3);
    assert.match(wrong.stderr, /error\[E_CONFIG_INVALID\].*pyproject\.toml:5/);
    place.write({ "pyproject.toml": "[project\n" });
    assert.match(
      (await place.run(["python", "list"])).stderr,
      /pyproject\.toml:1 is not TOML: [^\n]*\n {2}1: {2}\[project\n/,
    );
    place.write({ "folder/x": "" });
    const folder = await place.run(["--config-file", "folder", "python", "list"]);
    assert.equal([folder.exitCode, /E_CONFIG_INVALID.*folder is a folder/.test(folder.stderr)], [3, true]);
  }),
);

test(
  "an unknown key in a file is warned of, and work goes on",
  inPlace(async (place) => {
    place.write({ "pyproject.toml": `${PROJECT}[tool.pybun]\nofline = true\n` });
    const { exitCode, stderr } = await place.run(["explain", "E_USAGE"]);
    assert.is(exitCode, 0);
    assert.match(stderr, /warning\[W_CONFIG_UNKNOWN\].*ofline/);
  }),
);

test(
  "path names the files, whether they are there or not",
  inPlace(async (place) => {
    const { stdout } = await place.run(["config", "path", "--user"]);
    assert.is(stdout, `${path.join("~", ".config", "pybun", "config.toml")}\n`.replace("~", place.home));
    assert.not.ok(fs.existsSync(stdout.trim()));
  }),
);

test(
  "settings of other tools hold where our own are absent",
  inPlace(async (place) => {
    const words = ["config", "get", "index-url"];
    const env = { PYBUN_INDEX_URL: undefined };
    const pip = await place.run(words, { env: { ...env, PIP_INDEX_URL: "https://pip.example/simple" } });
    assert.match(pip.stdout, "https://pip.example/simple");
    const uv = await place.run(words, {
      env: { ...env, PIP_INDEX_URL: "https://pip.example/simple", UV_DEFAULT_INDEX: "https://uv.example/simple" },
    });
    assert.match(uv.stdout, "https://uv.example/simple");
    const own = await place.run(words, {
      env: { PYBUN_INDEX_URL: "https://own.example/simple", UV_DEFAULT_INDEX: "https://uv.example/simple" },
    });
    assert.match(own.stdout, "https://own.example/simple");
  }),
);

test.run();

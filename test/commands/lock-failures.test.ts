import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { LOCK_PACKAGES, lockIn, projectText } from "../harness/lock-scene.ts";
import { inPlace, type Place } from "../harness/project.ts";

const index = await startIndex({ packages: LOCK_PACKAGES });
test.after(() => index.stop());
const placed = (body: (place: Place) => Promise<void>) => inPlace(body, { index });

// what goes wrong

test(
  "without a project there is nothing to lock",
  placed(async (place) => {
    const { exitCode, stderr } = await place.run(["lock"]);
    assert.is(exitCode, 3);
    assert.match(stderr, "error[E_PROJECT_NOT_FOUND]: no pyproject.toml in this directory or above");
  }),
);

const broken: readonly (readonly [what: string, text: string, words: RegExp])[] = [
  ["a table too few", "[tool.x]\ny = 1\n", /E_PROJECT_INVALID.*no `\[project\]` table/],
  ["a requirement that is none", projectText(["!!"]), /E_PROJECT_INVALID.*pyproject\.toml:5 `!!`/],
  ["no TOML", "[project\n", /pyproject\.toml:1 is not TOML/],
  [
    "an unknown member",
    projectText(["x"], "[tool.pybun.sources]\nx = { workspace = true }\n"),
    /`x` is to come from the workspace/,
  ],
  [
    "a range without any Python",
    projectText(["b"]).replace(">=3.9", ">=3.12,<3.10"),
    /E_PROJECT_INVALID.*no Python is in `requires-python = "<3\.10,>=3\.12"`/,
  ],
  [
    "an environment of other Pythons",
    projectText(["b"], "[tool.pybun]\nenvironments = [\"python_version < '3.8'\"]\n"),
    /E_PROJECT_INVALID.*`environments` has `python_version < "3\.8"`, which is met nowhere/,
  ],
  [
    "a required environment that contradicts itself",
    projectText(["b"], "[tool.pybun]\nrequired-environments = [\"os_name == 'nt' and sys_platform == 'linux'\"]\n"),
    /`required-environments` has .*, which is met nowhere/,
  ],
];
for (const [what, text, words] of broken)
  test(
    `${what} is told with the place`,
    placed(async (place) => {
      place.write({ "pyproject.toml": text });
      const { exitCode, stderr } = await place.run(["lock"]);
      assert.is(exitCode, 3, stderr);
      assert.match(stderr, words);
    }),
  );

const PART = "a lock is of all extras and groups, asked for or not";
const outOfReach: readonly (readonly [what: string, text: string, words: string])[] = [
  [
    "an extra and a group",
    projectText(
      [],
      '[project.optional-dependencies]\nx = ["t @ file:///none/t"]\n[dependency-groups]\ng = ["t @ file:///none/t"]\n',
    ),
    `\n  pyproject.toml:7  t @ file:///none/t  (extra x)\n  pyproject.toml:9  t @ file:///none/t  (group g)\nhint: ${PART}`,
  ],
  [
    "a group by a source",
    projectText([], '[dependency-groups]\ng = ["t"]\n[tool.pybun.sources]\nt = { git = "http://127.0.0.1:9/t" }\n'),
    `\n  pyproject.toml:7  t  (group g)\nhint: ${PART}`,
  ],
  ["the project", projectText(["t @ http://127.0.0.1:9/t-1-py3-none-any.whl"]), "\n  pyproject.toml:5  t @ http:"],
];
for (const [what, text, words] of outOfReach)
  test(
    `a place out of reach is told with what leads there: ${what}`,
    placed(async (place) => {
      place.write({ "pyproject.toml": text });
      const { exitCode, stderr } = await place.run(["lock"]);
      assert.is.not(exitCode, 0);
      assert.match(stderr, words);
      assert.is(stderr.includes(PART), words.includes(PART));
    }),
  );

test(
  "no place is looked at that is for other environments than those of the project, or that of an installation",
  placed(async (place) => {
    const elsewhere = [
      "t @ http://127.0.0.1:9/t-1.tar.gz ; python_version < '3.9'",
      "t @ file:///none/t ; os_name == 'nt'",
      "b",
    ];
    place.write({
      "pyproject.toml": projectText(elsewhere, "[tool.pybun]\nenvironments = [\"os_name == 'posix'\"]\n"),
    });
    assert.match(await lockIn(place), "Locked 1 package");
    place.write({ "requirements.txt": elsewhere.join("\n") });
    const installed = await place.run(["pip", "install", "--target=there", "-r", "requirements.txt"]);
    assert.equal([installed.exitCode, place.exists("there/b")], [0, true], installed.stderr);
  }),
);

test(
  "an unknown key of [tool.pybun] is warned of; those of projects are known",
  placed(async (place) => {
    place.write({
      "pyproject.toml": projectText(
        ["b"],
        "[tool.pybun]\nenviroments = []\nenvironments = [\"sys_platform == 'linux'\"]\n",
      ),
    });
    const { exitCode, stderr } = await place.run(["lock"]);
    assert.is(exitCode, 0);
    assert.equal(stderr.match(/W_CONFIG_UNKNOWN/g)?.length, 1, stderr);
    assert.match(stderr, "enviroments");
  }),
);

test(
  "a damaged lock is made anew with a warning, and refused by --check",
  placed(async (place) => {
    place.write({ "pyproject.toml": projectText(["b"]) });
    await lockIn(place);
    const file = path.join(place.cwd, "pybun.lockb");
    const bytes = fs.readFileSync(file);
    fs.writeFileSync(file, bytes.subarray(0, bytes.length - 9));
    const check = await place.run(["lock", "--check"]);
    assert.equal([check.exitCode, /E_LOCK_INVALID/.test(check.stderr)], [6, true], check.stderr);
    const { exitCode, stderr } = await place.run(["lock"]);
    assert.equal([exitCode, /warning\[W_LOCK_UNREADABLE\]/.test(stderr)], [0, true], stderr);
    assert.equal(fs.readFileSync(file), bytes);
  }),
);

test(
  "a lock of a newer PyBun is left alone",
  placed(async (place) => {
    place.write({ "pyproject.toml": projectText(["b"]) });
    await lockIn(place);
    const file = path.join(place.cwd, "pybun.lockb");
    const bytes = fs.readFileSync(file);
    bytes.writeUInt16LE(2, 4);
    fs.writeFileSync(file, bytes);
    const { exitCode, stderr } = await place.run(["lock"]);
    assert.equal([exitCode, /error\[E_FORMAT_VERSION\]/.test(stderr)], [6, true], stderr);
    assert.equal(fs.readFileSync(file), bytes);
  }),
);

test(
  "a folder that may not be written in is told, and nothing is left there",
  placed(async (place) => {
    if (process.getuid?.() === 0) return; // root may write anywhere
    place.write({ "pyproject.toml": projectText(["b"]) });
    fs.chmodSync(place.cwd, 0o555);
    const { exitCode, stderr } = await place.run(["lock"]);
    fs.chmodSync(place.cwd, 0o755);
    assert.equal([exitCode, /error\[E_PERMISSION\]/.test(stderr)], [9, true], stderr);
    assert.equal(fs.readdirSync(place.cwd), ["pyproject.toml"]);
  }),
);

test(
  "a command that is ended while it resolves leaves the lock as it was",
  placed(async (place) => {
    place.write({ "pyproject.toml": projectText(["b"]) });
    await lockIn(place);
    const before = fs.readFileSync(path.join(place.cwd, "pybun.lockb"));
    index.fail({ url: "/simple/hangs/", hang: true });
    place.write({ "pyproject.toml": projectText(["b", "hangs"]) });
    index.forget();
    const running = place.start(["lock"]);
    while (index.count("page", "hangs") === 0) await new Promise((resolve) => setImmediate(resolve));
    running.kill("SIGINT");
    assert.is((await running.ended).exitCode, 130);
    assert.equal(fs.readFileSync(path.join(place.cwd, "pybun.lockb")), before);
    assert.equal(fs.readdirSync(place.cwd).sort(), ["pybun.lockb", "pyproject.toml"]);
  }),
);

test(
  "flags that contradict each other are refused",
  placed(async (place) => {
    place.write({ "pyproject.toml": projectText([]) });
    for (const words of [["--print", "--check"], ["--check", "-U"], ["--dry-run", "--json"], ["nonsense"]]) {
      const { exitCode, stderr } = await place.run(["lock", ...words]);
      assert.equal([exitCode, /error\[E_USAGE\]/.test(stderr)], [2, true], words.join(" "));
    }
  }),
);

test.run();

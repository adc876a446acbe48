import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { plainBackend } from "../harness/plain-backend.ts";
import { inPlace, type Place } from "../harness/project.ts";

// A project that is installed from where it lies: as long as its files are what they were, it is neither built again for
// another environment, nor is that put together step by step.

const index = await startIndex({
  packages: [
    plainBackend("hatchling", "hatchling.build", "1.0"),
    { name: "base", version: "1.0", files: { "base/__init__.py": "value = 1\n" } },
    { name: "more", version: "1.0" },
  ],
});
test.after(() => index.stop());

const pyproject = (more = ""): string => `[project]
name = "shop"
version = "1.0"
requires-python = ">=3.9"
dependencies = ["base"]
${more}
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
`;
const tick = (): Promise<void> => new Promise((done) => setTimeout(done, 60));

const placed = (body: (place: Place) => Promise<void>, more = "") =>
  inPlace(
    async (place) => {
      place.write({ "pyproject.toml": pyproject(more), "src/shop/__init__.py": "where = 'first'\n" });
      assert.is((await place.run(["lock"])).exitCode, 0);
      await tick();
      await made(place);
      await body(place);
    },
    { index, env: { PYBUN_STORE_BYTECODE: "wait" } },
  );

interface How {
  /** The whole command ran. */
  readonly isWhole: boolean;
  readonly isBuilt: boolean;
}

interface Call {
  readonly words: readonly string[];
  readonly cwd?: string;
}

/** What a command wrote into the log, which said this. */
async function logged(place: Place, said: RegExp, { words, cwd = place.cwd }: Call): Promise<string> {
  const log = path.join(place.data, "logs", "pybun.jsonl");
  const before = fs.existsSync(log) ? fs.readFileSync(log, "utf8").length : 0;
  const { exitCode, stderr, stdout } = await place.run(words, { cwd });
  assert.equal([exitCode, stderr], [0, ""]);
  assert.match(stdout, said);
  return fs.readFileSync(log, "utf8").slice(before);
}

/** Makes the environment where there is none, and tells how. */
async function made(place: Place, cwd = place.cwd): Promise<How> {
  for (const name of [".pybun", ".venv"]) fs.rmSync(path.join(cwd, name), { recursive: true, force: true });
  const lines = await logged(place, /^ \+ base {2}1\.0\nSynced: 1 installed, 0 kept in /, { words: ["sync"], cwd });
  const { stdout: said } = await place.run(["run", "-c", "import shop; print(shop.__file__)"], { cwd });
  assert.is(said, `${path.join(cwd, "src/shop/__init__.py")}\n`);
  return { isWhole: lines.includes("CommandEnd"), isBuilt: lines.includes("BuildStart") };
}
const AGAIN: How = { isWhole: false, isBuilt: false };

test(
  "a plain project's environment is made again at once, and nothing is to be done then",
  placed(async (place) => {
    assert.equal(await made(place), AGAIN);
    const { stdout } = await place.run(["sync"]);
    assert.match(stdout, /^Up to date: 1 package in /);
    const verified = await place.run(["verify", "--env"]);
    assert.equal([verified.exitCode, verified.stdout], [0, "Verified: 2 packages of the environment\n"]);
  }),
);

for (const [what, change] of [
  ["a module", (place: Place) => place.write({ "src/shop/__init__.py": "where = 'later'\n" })],
  ["a new file", (place: Place) => place.write({ "setup.py": "" })],
] as const)
  test(
    `after a change of ${what} it is built again`,
    placed(async (place) => {
      change(place);
      await tick();
      assert.equal(await made(place), { isWhole: true, isBuilt: true });
    }),
  );

test(
  "another copy of the project is another project",
  placed(async (place) => {
    const other = path.join(place.root, "other");
    fs.cpSync(place.cwd, other, { recursive: true });
    await tick();
    assert.equal(await made(place, other), { isWhole: true, isBuilt: true });
    assert.equal(await made(place, other), AGAIN);
    assert.equal(await made(place), { isWhole: true, isBuilt: false });
  }),
);

const requires = async (place: Place): Promise<unknown> =>
  JSON.parse(
    (await place.run(["run", "-c", "import importlib.metadata as m, json; print(json.dumps(m.requires('shop')))"]))
      .stdout,
  );

test(
  "what it requires may change without a build, what it says of itself may not",
  placed(async (place) => {
    const changes: readonly (readonly [words: readonly string[], wanted: readonly string[] | null])[] = [
      [
        ["add", "more<2"],
        ["base", "more<2"],
      ],
      [["remove", "base", "more"], null],
      [["add", "base==1.*"], ["base==1.*"]],
    ];
    for (const [words, wanted] of changes) {
      assert.not.match(await logged(place, /^ [+-] /, { words }), "BuildStart");
      assert.equal(await requires(place), wanted);
      const { stdout } = await place.run(["verify", "--env"]);
      assert.match(stdout, /^Verified: /);
    }
    place.write({ "pyproject.toml": place.read("pyproject.toml").replace('version = "1.0"', 'version = "1.1"') });
    assert.match(await logged(place, /^/, { words: ["sync"] }), "BuildStart");
    assert.equal(await requires(place), ["base==1.*"]);
  }),
);

test(
  "a project with code in its build is built for each environment",
  placed(async (place) => {
    assert.equal(await made(place), { isWhole: true, isBuilt: true });
  }, "[tool.hatch.build.hooks.custom]\n"),
);

test.run();

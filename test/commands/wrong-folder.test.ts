import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { asOrdinaryUser } from "../harness/ordinary-user.ts";
import { inPlace, type Place } from "../harness/project.ts";

// Commands in folders where something is wrong: each says what with a code, and names a way out; nothing is changed.

const index = await startIndex({ packages: ["alpha", "beta"].map((name) => ({ name, version: "1.0" })) });
test.after(() => index.stop());

const GOOD = '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.9"\ndependencies = ["alpha"]\n';
const CONFLICT = GOOD.replace(
  'version = "1"\n',
  '<<<<<<< HEAD\nversion = "1"\n=======\nversion = "2"\n>>>>>>> theirs\n',
);

async function locked(place: Place, ...more: readonly string[]): Promise<string> {
  place.write({ "pyproject.toml": GOOD });
  assert.is((await place.run(["lock", ...more])).exitCode, 0);
  return path.join(place.cwd, "pybun.lockb");
}
async function lockWith(place: Place, change: (bytes: Buffer) => void): Promise<void> {
  const file = await locked(place);
  const bytes = fs.readFileSync(file);
  change(bytes);
  fs.writeFileSync(file, bytes);
}

/** Commands that need the project, its lock, or a Python; those that only look at the first are content with less. */
const READ = [["tree"], ["why", "alpha"], ["export"]];
const INSTALL = [["add", "beta"], ["remove", "alpha"], ["sync"], ["install"]];
const RUN = [["run", "-c", "1"]];
const LOCK = [["lock"], ["lock", "--check"]];
const VERSION = [["version", "--bump", "minor"]];
const ALL = [...READ, ...INSTALL, ...LOCK, ...VERSION];

interface Wrong {
  readonly what: string;
  readonly make: (place: Place) => unknown;
  readonly commands: readonly (readonly string[])[];
  readonly exitCode: number;
  readonly code: string;
  /** Also of the hint. */
  readonly words: RegExp;
}
const pyproject = (text: string | Buffer) => (place: Place) =>
  fs.writeFileSync(path.join(place.cwd, "pyproject.toml"), text);
const CASES: readonly Wrong[] = [
  {
    what: "no project",
    make: () => {},
    commands: [...ALL, ["task"], ["workspace", "list"]],
    exitCode: 3,
    code: "E_PROJECT_NOT_FOUND",
    words: /no pyproject\.toml in this directory or above[^]*hint: [^\n]*`pybun init`/,
  },
  ...(
    [
      ["setup.py", /`pybun pip install -e \.`/],
      ["Pipfile", /`pybun config import`/],
      ["requirements.txt", /`pybun init`\nhint: [^\n]*`pybun add -r requirements\.txt`/],
    ] as const
  ).map(([file, words]) => ({
    what: `no project but a ${file}`,
    make: (place: Place) => place.write({ [file]: "" }),
    commands: [["install"], ["lock"], ["sync"]],
    exitCode: 3,
    code: "E_PROJECT_NOT_FOUND",
    words,
  })),
  {
    what: "no [project] table",
    make: pyproject("[tool.other]\nx = 1\n"),
    commands: [...READ, ["sync"], ["install"], ...LOCK],
    exitCode: 3,
    code: "E_PROJECT_INVALID",
    words: /^error\[\w+\]: pyproject\.toml has no `\[project\]` table[^]*hint: add one/,
  },
  {
    what: "no [project] table, for a dependency",
    make: pyproject("[tool.other]\nx = 1\n"),
    commands: [
      ["add", "beta"],
      ["remove", "alpha"],
    ],
    exitCode: 3,
    code: "E_DEPENDENCIES_ELSEWHERE",
    words: /hint: add a `\[project\]` table/,
  },
  {
    what: "broken TOML",
    make: pyproject("[project\nname = 1\n"),
    commands: [...ALL, ...RUN, ["task"], ["workspace", "list"], ["init", "-y"]],
    exitCode: 3,
    code: "E_CONFIG_INVALID",
    words: /^error\[\w+\]: pyproject\.toml:1 is not TOML: [^]*1: {2}\[project\n[^]*hint: correct line 1/,
  },
  {
    what: "a merge conflict in pyproject.toml",
    make: pyproject(CONFLICT),
    commands: [...ALL, ...RUN],
    exitCode: 3,
    code: "E_CONFIG_INVALID",
    words: /^error\[\w+\]: pyproject\.toml:3 holds a merge conflict[^]*hint: keep one of the two sides/,
  },
  {
    what: "a text that is not UTF-8",
    make: pyproject(Buffer.from("[p\xff\xfe]\n", "latin1")),
    commands: [...ALL, ...RUN],
    exitCode: 3,
    code: "E_CONFIG_INVALID",
    words: /^error\[\w+\]: pyproject\.toml:1 is not TOML[^]*hint: correct line 1/,
  },
  {
    what: "a folder named pyproject.toml",
    make: (place) => place.write({ "pyproject.toml/x": "" }),
    commands: [...ALL, ...RUN],
    exitCode: 3,
    code: "E_CONFIG_INVALID",
    words:
      /^error\[\w+\]: pyproject\.toml is a folder, not a file\n[^]*hint: [^\n]*`mv pyproject\.toml pyproject\.toml\.old`/,
  },
  {
    what: "a requirement that is none",
    make: pyproject(GOOD.replace('"alpha"', '"alpha >"')),
    commands: [...ALL, ...RUN],
    exitCode: 3,
    code: "E_PROJECT_INVALID",
    words: /^error\[\w+\]: pyproject\.toml:5 `alpha >` is not a valid requirement[^]*hint: a name, then extras/,
  },
  {
    what: "a text where a list belongs",
    make: pyproject(GOOD.replace('["alpha"]', '"alpha"')),
    commands: [...ALL, ...RUN],
    exitCode: 3,
    code: "E_PROJECT_INVALID",
    words:
      /pyproject\.toml:5 `project\.dependencies` must be a list of texts[^]*hint: write `dependencies = \["alpha"\]`/,
  },
  {
    what: "a project where one is to be made",
    make: pyproject(GOOD),
    commands: [["init", "-y"]],
    exitCode: 3,
    code: "E_PROJECT_EXISTS",
    words: /hint: [^\n]*`pybun add <package>`/,
  },
  {
    what: "a lock of a later version",
    make: (place) => lockWith(place, (bytes) => void bytes.writeUInt16LE(99, 4)),
    commands: [...ALL, ...RUN],
    exitCode: 6,
    code: "E_FORMAT_VERSION",
    words: /written by a later PyBun[^]*hint: [^\n]*remove the file and make it anew with this one: `pybun lock`/,
  },
  {
    what: "a damaged lock",
    make: (place) => lockWith(place, (bytes) => void (bytes[bytes.length >> 1]! ^= 255)),
    commands: [...READ, ...INSTALL, ...RUN, ["lock", "--check"], ...VERSION],
    exitCode: 6,
    code: "E_LOCK_INVALID",
    words:
      /pybun\.lockb is damaged[^]*hint: take pybun\.lockb from version control again, or make it anew: `pybun lock`/,
  },
  {
    what: "a lock of another platform",
    make: (place) => locked(place, "--platform", process.platform === "win32" ? "linux" : "windows"),
    commands: [...INSTALL, ...RUN],
    exitCode: 4,
    code: "E_LOCK_TARGET",
    words: /made for {2}sys_platform[^]*hint: it was made for one platform; lock for all: `pybun lock`/,
  },
  {
    what: "no lock",
    make: pyproject(GOOD),
    commands: [...READ, ["sync"]],
    exitCode: 3,
    code: "E_LOCK_MISSING",
    words: /there is no pybun\.lockb[^]*hint: [^\n]*`pybun lock`/,
  },
  {
    what: "a Python that is not there",
    make: (place) => place.write({ "pyproject.toml": GOOD, ".python-version": "3.99\n" }),
    commands: [["add", "beta"], ["install"], ...RUN],
    exitCode: 3,
    code: "E_PYTHON_NOT_FOUND",
    words: /no Python matches `3\.99`, asked by \.python-version:1[^]*hint: [^\n]*`pybun python list`/,
  },
  {
    what: "a Python that nobody has",
    make: pyproject(GOOD.replace(">=3.9", ">=3.99")),
    commands: [["add", "beta"], ["install"], ...RUN],
    exitCode: 3,
    code: "E_PYTHON_NOT_FOUND",
    words: /no Python matches `>=3\.99`, asked by requires-python/,
  },
];

/** Names and contents below the working folder. */
function stateOf({ cwd }: Place): readonly string[] {
  const names = fs.readdirSync(cwd, { recursive: true }).map(String).sort();
  return names.map((name) => {
    const file = path.join(cwd, name);
    return fs.lstatSync(file).isFile() ? `${name}: ${fs.readFileSync(file, "latin1")}` : name;
  });
}

for (const { what, make, commands, exitCode: expected, code, words } of CASES)
  test(
    what,
    inPlace(
      async (place) => {
        await make(place);
        const before = stateOf(place);
        for (const argv of commands) {
          const { exitCode, stdout, stderr } = await place.run(argv);
          const call = argv.join(" ");
          assert.equal([exitCode, stdout], [expected, ""], `${call}: ${stderr}`);
          assert.match(stderr, new RegExp(`^error\\[${code}\\]: `), call);
          assert.match(stderr, words, call);
          assert.not.match(stderr, place.cwd, `${call}: files are named from where one is`);
          assert.equal(stateOf(place), before, call);
        }
      },
      { index },
    ),
  );

test(
  "an unknown key is told, and the command goes on",
  inPlace(
    async (place) => {
      place.write({ "pyproject.toml": `${GOOD}[tool.pybun]\nenviroments = []\n` });
      for (const argv of [...LOCK, ...READ, ...INSTALL, ...RUN]) {
        const { exitCode, stderr } = await place.run(argv);
        assert.is(exitCode, 0, `${argv.join(" ")}: ${stderr}`);
        assert.match(stderr, /^warning\[W_CONFIG_UNKNOWN\]: nothing reads `enviroments` in pyproject\.toml:7\n/);
        if (argv[0] === "remove") place.write({ "pyproject.toml": `${GOOD}[tool.pybun]\nenviroments = []\n` });
        if (argv[0] === "remove") await place.run(["lock"]);
      }
    },
    { index },
  ),
);

const ordinary = process.platform === "win32" ? undefined : asOrdinaryUser([]);

(ordinary === undefined ? test.skip : test)(
  "a folder that is read-only is left as it is; an environment elsewhere is a way out, and said to be one where it is",
  inPlace(
    async (place) => {
      await locked(place);
      const options = { behind: ordinary ?? [] };
      fs.chmodSync(place.cwd, 0o555);
      try {
        const before = stateOf(place);
        const wayOut = "\nhint: keep the environment outside of the project: `export PYBUN_ENV_LOCATION=central`\n";
        for (const argv of [["add", "beta"], ["remove", "alpha"], ...VERSION, ["lock", "--upgrade"]]) {
          const { exitCode, stderr } = await place.run(argv, options);
          assert.is.not(exitCode, 0, argv.join(" "));
          assert.match(stderr, /^error\[E_\w+\]: /, argv.join(" "));
          assert.not.match(stderr, wayOut, argv.join(" "));
          assert.equal(stateOf(place), before, argv.join(" "));
        }
        for (const argv of [["sync"], ["install"], ["run", "-c", "1"], ["env", "create"], ["pip", "install", "beta"]]) {
          const { exitCode, stderr } = await place.run(argv, options);
          assert.equal(
            [exitCode, stderr.split("\n")[0]],
            [argv[0] === "pip" ? 1 : 9, "error[E_PERMISSION]: permission denied: .pybun"],
          );
          assert.match(stderr, wayOut, argv.join(" "));
          const elsewhere = await place.run(argv, { ...options, env: { PYBUN_ENV_LOCATION: "central" } });
          assert.is(elsewhere.exitCode, 0, argv.join(" ") + elsewhere.stderr);
          assert.equal(stateOf(place), before, argv.join(" "));
        }
      } finally {
        fs.chmodSync(place.cwd, 0o755);
      }
    },
    { index },
  ),
);

test.run();

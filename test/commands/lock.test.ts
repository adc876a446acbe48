import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { LOCK_PACKAGES, lockedVersions, lockIn, projectText } from "../harness/lock-scene.ts";
import { inPlace, type Place } from "../harness/project.ts";

const index = await startIndex({ packages: LOCK_PACKAGES });
test.after(() => index.stop());
const placed = (body: (place: Place) => Promise<void>) => inPlace(body, { index });

test(
  "a project is locked, said to be up to date after that, and what changes is told",
  placed(async (place) => {
    place.write({ "pyproject.toml": projectText(["a", "b[more]"]) });
    assert.is(
      await lockIn(place),
      " + a       2.0\n + b       1.0\n + extra   1.0\n + shared  1.5\nLocked 4 packages: 4 added in [TIME]\n",
    );
    const bytes = fs.readFileSync(path.join(place.cwd, "pybun.lockb"));
    for (let i = 0; i < 3; i++) assert.is(await lockIn(place), "Up to date: pybun.lockb, 4 packages in [TIME]\n");
    assert.equal(fs.readFileSync(path.join(place.cwd, "pybun.lockb")), bytes);
    place.write({ "pyproject.toml": projectText(["a<2"]) });
    assert.is(
      await lockIn(place),
      " ~ a      2.0 -> 1.0\n - b      1.0\n - extra  1.0\nLocked 2 packages: 1 changed, 2 removed in [TIME]\n",
    );
  }),
);

test(
  "what is unchanged is recognised without index, Python or solving, after the caches are gone too",
  placed(async (place) => {
    place.write({ "pyproject.toml": projectText(["a"]) });
    await lockIn(place);
    fs.rmSync(place.data, { recursive: true });
    index.forget();
    const env = { PATH: "/nowhere", PYBUN_INDEX_URL: "http://127.0.0.1:9/simple/" };
    for (const words of [["lock"], ["lock", "--check"], ["lock"]]) {
      const { exitCode, stdout, stderr } = await place.run(words, { env });
      assert.equal([exitCode, stderr, stdout.startsWith("Up to date")], [0, "", true]);
    }
    assert.is(index.requests.length, 0);
  }),
);

const harmless: readonly (readonly [what: string, text: string])[] = [
  ["a comment", `# mine\n${projectText(["b", "a"])}`],
  ["another order", projectText(["a", "b"])],
  ["other blanks", projectText(["b ", " a"])],
  ["another tool's table", projectText(["b", "a"], "[tool.other]\nx = 1\n")],
];
for (const [what, text] of harmless)
  test(
    `${what} makes no lock stale`,
    placed(async (place) => {
      place.write({ "pyproject.toml": projectText(["b", "a"]) });
      await lockIn(place);
      place.write({ "pyproject.toml": text });
      index.forget();
      assert.match(await lockIn(place), "Up to date");
      assert.is(index.requests.length, 0);
    }),
  );

test(
  "long lists name what the project asks for, and count the rest",
  placed(async (place) => {
    const names = Array.from({ length: 12 }, (_, i) => `n${String(i).padStart(2, "0")}`);
    index.add(
      ...names.map((name) => ({ name, version: "1" })),
      { name: "many", version: "1", requires: names },
      { name: "many", version: "2" },
    );
    place.write({ "pyproject.toml": projectText(["many<2"]) });
    assert.is(await lockIn(place), " + many  1\n + 12 packages they need\nLocked 13 packages: 13 added in [TIME]\n");
    place.write({ "pyproject.toml": projectText(["many>=2"]) });
    assert.is(
      await lockIn(place),
      " ~ many  1 -> 2\n - 12 packages nothing needs\nLocked 1 package: 1 changed, 12 removed in [TIME]\n",
    );
  }),
);

// --upgrade, --upgrade-package

test(
  "locked versions are kept until they are to be upgraded",
  placed(async (place) => {
    index.add({ name: "kept", version: "1.0" }, { name: "other", version: "1.0" });
    place.write({ "pyproject.toml": projectText(["kept", "other"]) });
    await lockIn(place);
    index.add({ name: "kept", version: "1.1" }, { name: "kept", version: "2.0" }, { name: "other", version: "2.0" });
    place.write({ "pyproject.toml": projectText(["kept", "other", "b"]) });
    assert.match(await lockIn(place, "--refresh"), "Locked 3 packages: 1 added");
    assert.match(await lockIn(place, "-P", "kept==1.1"), / ~ kept {2}1\.0 -> 1\.1\n/);
    assert.match(
      await lockIn(place, "--upgrade-package", "kept"),
      / ~ kept {2}1\.1 -> 2\.0\nLocked 3 packages: 1 changed/,
    );
    assert.match(await lockIn(place, "-U"), / ~ other {2}1\.0 -> 2\.0\n/);
    assert.match((await place.run(["lock", "-P", "!!"])).stderr, /error\[E_USAGE\]/);
  }),
);

// --check

test(
  "--check tells how project and lock differ, and changes nothing",
  placed(async (place) => {
    place.write({ "pyproject.toml": projectText(["a", "b"]) });
    const missing = await place.run(["lock", "--check"]);
    assert.equal([missing.exitCode, missing.stdout], [1, "Missing: there is no pybun.lockb\n"]);
    await lockIn(place);
    const before = fs.readFileSync(path.join(place.cwd, "pybun.lockb"));
    place.write({
      "pyproject.toml": `${projectText(["a<2", "extra"]).replace(">=3.9", ">=3.10")}[tool.pybun]\nconstraints = ["shared<1.5"]\n`,
    });
    const { exitCode, stdout, stderr } = await place.run(["lock", "--check"]);
    assert.equal([exitCode, stderr], [1, "hint: update it: `pybun lock`\n"]);
    assert.is(
      stdout,
      [
        " + extra            required by pyproject.toml:5, not in the lock",
        " ~ a                required as a<2 by pyproject.toml:5, locked for a",
        " - b                1.0 in the lock, no longer required",
        " ~ constraints      is shared<1.5, locked without",
        " ~ requires-python  is >=3.10, locked with >=3.9",
        "Stale: pybun.lockb does not match pyproject.toml",
        "",
      ].join("\n"),
    );
    const { data, next_actions } = (await place.run(["--format=json", "lock", "--check"])).json() as never as {
      data: { differences: readonly unknown[]; up_to_date: boolean };
      next_actions: readonly { command: readonly string[] }[];
    };
    assert.equal([data.up_to_date, data.differences.length, next_actions[0]?.command], [false, 5, ["pybun", "lock"]]);
    assert.equal(fs.readFileSync(path.join(place.cwd, "pybun.lockb")), before);
  }),
);

// --dry-run

test(
  "--dry-run says what would change and writes nothing",
  placed(async (place) => {
    place.write({ "pyproject.toml": projectText(["b"]) });
    assert.is(await lockIn(place, "--dry-run"), " + b  1.0\nWould lock 1 package: 1 added in [TIME]\n");
    assert.not.ok(place.exists("pybun.lockb"));
  }),
);

// --print, --json, --file

test(
  "--print and --json show any lock, also one without a project",
  placed(async (place) => {
    place.write({ "app/pyproject.toml": projectText(["a", "windows-only; sys_platform == 'win32'"]), "x/empty": "" });
    await place.run(["lock", "--project", "app"]);
    const printed = (await place.run(["lock", "--print", "--file", "app/pybun.lockb"])).stdout;
    assert.match(printed, /name = "a"\nversion = "2\.0"\n/);
    assert.match(printed, "sys_platform");
    const { stdout } = await place.run(["lock", "--json", "--file", "../app/pybun.lockb"], {
      cwd: path.join(place.cwd, "x"),
    });
    const bare = JSON.parse(stdout) as Record<string, unknown>;
    const { data } = (await place.run(["--format=json", "lock", "--json", "--file", "app/pybun.lockb"])).json();
    for (const key of ["format_version", "requires_python", "packages", "roots", "meta"])
      assert.equal(data[key], bare[key], key);
    const none = await place.run(["lock", "--print", "--file", "nothing.lockb"]);
    assert.equal([none.exitCode, /error\[E_LOCK_MISSING\]: there is no nothing\.lockb/.test(none.stderr)], [3, true]);
  }),
);

test(
  "--file names where the lock is written, too",
  placed(async (place) => {
    place.write({ "pyproject.toml": projectText(["b"]) });
    assert.match(await lockIn(place, "--file", "other.lockb"), "Locked 1 package");
    assert.match(await lockIn(place, "--file", "other.lockb"), "Up to date: other.lockb");
    assert.not.ok(place.exists("pybun.lockb"));
  }),
);

test(
  "as JSON it tells packages, changes and forks",
  placed(async (place) => {
    place.write({ "pyproject.toml": projectText(["a"]) });
    const { data } = (await place.run(["--format=json", "lock"])).json();
    assert.equal(
      [data["added"], data["removed"], data["changed"], data["unchanged"], data["from_cache"]],
      [
        [
          { name: "a", version: "2.0" },
          { name: "shared", version: "1.5" },
        ],
        [],
        [],
        0,
        false,
      ],
    );
    const [first] = data["packages"] as readonly Record<string, unknown>[];
    assert.is(first?.["name"], "a");
    assert.match(JSON.stringify(first?.["artifact"]), '"file":"a-2.0-py3-none-any.whl"');
    assert.equal([data["attempts"], typeof data["resolution_ms"]], [0, "number"]);
    const again = (await place.run(["--format=json", "lock"])).json().data;
    assert.equal([again["up_to_date"], again["unchanged"], again["from_cache"]], [true, 2, true]);
    assert.equal([again["attempts"], again["resolution_ms"]], [0, 0]);
  }),
);

test(
  "as JSON it tells how many choices were given up again",
  placed(async (place) => {
    index.add(
      { name: "picky", version: "1.0" },
      { name: "picky", version: "2.0", requires: ["middle"] },
      { name: "middle", version: "1.0", requires: ["shared<1.5"] },
    );
    place.write({ "pyproject.toml": projectText(["picky", "zealous"]) });
    index.add({ name: "zealous", version: "1.0", requires: ["shared>=1.5"] });
    const { data } = (await place.run(["--format=json", "lock"])).json();
    assert.ok((data["attempts"] as number) > 0, JSON.stringify(data["attempts"]));
    assert.equal(await lockedVersions(place), { picky: "1.0", shared: "1.5", zealous: "1.0" });
  }),
);

// --script

test(
  "--script locks a script beside it",
  placed(async (place) => {
    const script = (list: string) => `# /// script\n# requires-python = ">=3.9"\n# dependencies = [${list}]\n# ///\n`;
    place.write({ "s.py": script('"a<2"') });
    assert.match(await lockIn(place, "--script", "s.py"), "Locked 2 packages");
    assert.equal(await lockedVersions(place, "--script", "s.py"), { a: "1.0", shared: "1.5" });
    assert.match(await lockIn(place, "--script", "s.py"), "Up to date: s.py.lockb, 2 packages");
    place.write({ "s.py": script('"a<2", "b"'), "none.py": "print()\n", "bad.py": script('"!!"') });
    const { exitCode, stdout } = await place.run(["lock", "--script", "s.py", "--check"]);
    assert.equal([exitCode, /\+ b {2}required by s\.py:3, not in the lock/.test(stdout)], [1, true], stdout);
    assert.match((await place.run(["lock", "--script", "none.py"])).stderr, "names no dependencies");
    assert.match((await place.run(["lock", "--script", "bad.py"])).stderr, "bad.py:3 `!!`");
  }),
);

// --platform, --exclude-newer, --python

test(
  "--platform narrows the lock to one platform",
  placed(async (place) => {
    place.write({ "pyproject.toml": projectText(["a", "windows-only; sys_platform == 'win32'"]) });
    await lockIn(place);
    assert.ok("windows-only" in (await lockedVersions(place)));
    await lockIn(place, "--platform", "linux-aarch64");
    assert.not.ok("windows-only" in (await lockedVersions(place)));
    const { exitCode, stderr } = await place.run(["lock", "--platform", "beos"]);
    assert.equal([exitCode, /takes linux, macos or windows/.test(stderr)], [2, true]);
  }),
);

interface Decoded {
  readonly platform: string | null;
  readonly forks: readonly string[];
  readonly packages: readonly {
    readonly name: string;
    readonly artifacts: readonly { readonly file: string; readonly chosen: boolean }[];
  }[];
}
const decoded = async (place: Place): Promise<Decoded> =>
  JSON.parse((await place.run(["lock", "--json"])).stdout) as Decoded;

test(
  "a lock for one architecture says which it is, and which file of each package is for it",
  placed(async (place) => {
    index.add({
      name: "native",
      version: "1.0",
      sdist: true,
      tags: ["manylinux_2_17_aarch64", "manylinux_2_17_x86_64", "win_arm64", "macosx_11_0_arm64"].map(
        (platform) => `cp39-abi3-${platform}`,
      ),
    });
    place.write({ "pyproject.toml": projectText(["native"]) });
    const chosen = async (...words: string[]) => {
      await lockIn(place, ...words);
      const { platform, packages } = await decoded(place);
      const files = packages[0]?.artifacts.filter((file) => file.chosen).map(({ file }) => file);
      return [platform, files, packages[0]?.artifacts.length];
    };
    const file = (tag: string) => `native-1.0-cp39-abi3-${tag}.whl`;
    assert.equal(await chosen(), [null, [], 5]);
    assert.equal(await chosen("--platform", "linux-aarch64"), ["linux_aarch64", [file("manylinux_2_17_aarch64")], 2]);
    assert.equal(await chosen("--platform", "windows-arm64"), ["win_arm64", [file("win_arm64")], 2]);
    assert.equal(await chosen("--platform", "macos-arm64"), ["macosx_13_0_arm64", [file("macosx_11_0_arm64")], 2]);
    assert.equal(await chosen("--platform", "linux-s390x"), ["linux_s390x", ["native-1.0.tar.gz"], 1]);
    // A system has several architectures.
    assert.equal(await chosen("--platform", "linux"), [null, [], 3]);
  }),
);

test(
  "--platform narrows what the project's environments leave",
  placed(async (place) => {
    place.write({
      "pyproject.toml": projectText(
        ["a", "extra; python_version < '3.12'", "windows-only; sys_platform == 'win32'"],
        "[tool.pybun]\nenvironments = [\"python_version >= '3.12'\"]\n",
      ),
    });
    await lockIn(place, "--platform", "linux");
    assert.equal(Object.keys(await lockedVersions(place)), ["a", "shared"]);
    assert.equal((await decoded(place)).forks, ['python_version >= "3.12" and sys_platform == "linux"']);
  }),
);

test(
  "the cut-off is part of the inputs, and recorded",
  placed(async (place) => {
    place.write({ "pyproject.toml": projectText(["a"]) });
    await lockIn(place, "--exclude-newer", "2026-02-01");
    assert.equal(await lockedVersions(place), { a: "1.0", shared: "1.5" });
    assert.match((await place.run(["lock", "--print"])).stdout, 'exclude-newer = "2026-02-01"');
    assert.match((await place.run(["lock", "--check"])).stdout, "exclude-newer  is not set any more");
  }),
);

test(
  "a project that says nothing of Python is locked for the one in use, and told so",
  placed(async (place) => {
    place.write({ "pyproject.toml": '[project]\nname = "app"\nversion = "1"\ndependencies = ["b"]\n' });
    const { exitCode, stderr } = await place.run(["lock"]);
    assert.is(exitCode, 0);
    assert.match(stderr, /warning\[W_REQUIRES_PYTHON_MISSING\][\s\S]*requires-python = ">=3\.\d+"/);
    assert.match(await lockIn(place), "Up to date");
  }),
);

test.run();

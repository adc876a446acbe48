import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { inPlace, type Place } from "../harness/project.ts";

const index = await startIndex({
  packages: [
    { name: "a", version: "1.0", requires: ["b; sys_platform == 'win32'"], sdist: true },
    { name: "b", version: "1.0" },
    { name: "c", version: "1.0", extras: { more: ["b"] } },
    { name: "tokens", version: "3.0" },
  ],
});
test.after(() => index.stop());

const PROJECT = `[project]
name = "app"
version = "1"
requires-python = ">=3.9"
dependencies = ["a", "tokens"]
[project.optional-dependencies]
full = ["c[more]"]
[dependency-groups]
dev = ["b"]
`;
const placed = (body: (place: Place) => Promise<void>) =>
  inPlace(
    async (place) => {
      place.write({ "pyproject.toml": PROJECT });
      const locked = await place.run(["lock"]);
      assert.is(locked.exitCode, 0, locked.stderr);
      await body(place);
    },
    { index },
  );
/** What a call prints, without lines of hashes and indexes. */
const printed = async (place: Place, ...words: string[]): Promise<readonly string[]> => {
  const { stdout, stderr, exitCode } = await place.run(["export", ...words]);
  assert.is(exitCode, 0, stderr);
  return stdout
    .trimEnd()
    .split("\n")
    .filter((line) => !/^(?:#| |--)/.test(line))
    .map((line) => line.replace(" \\", ""));
};

test(
  "requirements: the project's own by default, extras and groups as asked",
  placed(async (place) => {
    const own = ["a==1.0", 'b==1.0 ; sys_platform == "win32"', "tokens==3.0"];
    assert.equal(await printed(place), own);
    assert.equal(await printed(place, "--extra", "full"), ["a==1.0", "b==1.0", "c==1.0", "tokens==3.0"]);
    assert.equal(await printed(place, "--all-extras"), ["a==1.0", "b==1.0", "c==1.0", "tokens==3.0"]);
    assert.equal(await printed(place, "--group", "dev"), ["a==1.0", "b==1.0", "tokens==3.0"]);
    assert.equal(await printed(place, "--prune", "a"), ["tokens==3.0"]);
  }),
);

test(
  "-o writes a file once, and --dry-run none",
  placed(async (place) => {
    assert.match((await place.run(["export", "-o", "r.txt", "--dry-run"])).stdout, "Would write r.txt: 3 packages");
    assert.match((await place.run(["export", "-o", "r.txt"])).stdout, "Wrote r.txt: 3 packages");
    assert.match((await place.run(["export", "-o", "r.txt"])).stdout, "Up to date: r.txt");
    assert.match(
      place.read("r.txt"),
      /^a==1\.0 \\\n {4}--hash=sha256:[0-9a-f]{64} \\\n {4}--hash=sha256:[0-9a-f]{64}\n/m,
    );
    await place.run(["export", "-o", "r.txt", "--no-hashes"]);
    assert.not.match(place.read("r.txt"), "--hash");
  }),
);

test(
  "what was exported before is exported again at once, as long as nothing is another",
  placed(async (place) => {
    const first = await place.run(["export"]);
    assert.equal([(await place.run(["export"])).stdout, first.stderr], [first.stdout, ""]);
    await place.run(["export", "-o", "r.txt"]);
    for (const text of [undefined, "changed by somebody\n"]) {
      assert.match((await place.run(["export", "-o", "r.txt"])).stdout, "Up to date: r.txt");
      if (text === undefined) fs.rmSync(path.join(place.cwd, "r.txt"));
      else place.write({ "r.txt": text });
      assert.match((await place.run(["export", "-o", "r.txt"])).stdout, "Wrote r.txt: 3 packages");
      assert.is(place.read("r.txt"), first.stdout);
    }
    place.write({ "pyproject.toml": PROJECT.replace('"a", ', "") });
    const stale = await place.run(["export"]);
    assert.equal([stale.stdout, stale.stderr.includes("W_LOCK_STALE")], [first.stdout, true]);
    await place.run(["lock"]);
    assert.not.match((await place.run(["export"])).stdout, "\na==");
  }),
);

test(
  "a project that is a package is exported too, unless told not to",
  placed(async (place) => {
    place.write({ "pyproject.toml": `${PROJECT}[build-system]\nrequires = []\nbuild-backend = "x"\n` });
    const { stdout, stderr } = await place.run(["export"]);
    assert.match(stdout, "\n-e .\n");
    assert.match(stderr, "warning[W_EXPORT_UNHASHED]");
    const without = await place.run(["export", "--no-emit-project"]);
    assert.equal([without.stderr, without.stdout.includes("-e .")], ["", false]);
  }),
);

test(
  "pylock: everything to choose from, or what was chosen",
  placed(async (place) => {
    await place.run(["export", "--format", "pylock", "-o", "pylock.toml"]);
    const text = place.read("pylock.toml");
    assert.match(text, 'extras = ["full"]\ndependency-groups = ["dev"]\n');
    assert.match(text, 'name = "c"\nversion = "1.0"\nmarker = "\\"full\\" in extras"');
    const { stdout } = await place.run(["export", "--format", "pylock", "--extra", "full"]);
    assert.not.match(stdout, "extras");
    assert.match(stdout, 'name = "c"\nversion = "1.0"\n');
  }),
);

test(
  "--format behind the command is the export's, before it the envelope's",
  placed(async (place) => {
    const { data } = (await place.run(["--format=json", "export", "--format", "pylock"])).json();
    assert.equal([data["format"], data["packages"], data["output"]], ["pylock", 4, null]);
    assert.match(String(data["content"]), 'lock-version = "1.0"');
    const bare = JSON.parse((await place.run(["export", "--format=json"])).stdout) as { packages: { name: string }[] };
    assert.equal(
      bare.packages.map(({ name }) => name),
      ["a", "b", "tokens"],
    );
  }),
);

test(
  "cyclonedx: components with their files, and what requires what",
  placed(async (place) => {
    const { stdout } = await place.run(["export", "--format", "cyclonedx"]);
    const bill = JSON.parse(stdout) as {
      readonly metadata: { readonly component: { readonly name: string } };
      readonly components: readonly {
        readonly name: string;
        readonly purl: string;
        readonly externalReferences: readonly { readonly hashes: readonly unknown[] }[];
      }[];
      readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
    };
    assert.equal(
      bill.components.map(({ name, purl }) => `${name} ${purl}`),
      ["a pkg:pypi/a@1.0", "b pkg:pypi/b@1.0", "tokens pkg:pypi/tokens@3.0"],
    );
    assert.equal(
      bill.components.map(({ externalReferences }) => externalReferences.map(({ hashes }) => hashes.length)),
      [[1, 1], [1], [1]],
    );
    const [own] = bill.dependencies.filter(({ ref }) => ref === "project:app");
    assert.equal(
      own?.dependsOn?.map((ref) => ref.split("#")[0]),
      ["a==1.0", "tokens==3.0"],
    );
    assert.is((await place.run(["export", "--format", "cyclonedx"])).stdout, stdout);
  }),
);

test(
  "a lock elsewhere is exported without its project",
  placed(async (place) => {
    place.write({ "sub/x.txt": "" });
    const lock = path.join(place.cwd, "pybun.lockb");
    assert.equal(await printed(place, "--file", lock, "--group", "dev"), ["a==1.0", "b==1.0", "tokens==3.0"]);
  }),
);

test(
  "a lock that does not match the project is told of, refused with --locked, taken in silence with --frozen",
  placed(async (place) => {
    place.write({ "pyproject.toml": PROJECT.replace('"tokens"', '"c"') });
    const told = await place.run(["export"]);
    assert.equal([told.exitCode, told.stdout.includes("tokens==3.0")], [0, true]);
    assert.match(told.stderr, "warning[W_LOCK_STALE]");
    const refused = await place.run(["export", "--locked"]);
    assert.is(refused.exitCode, 3);
    assert.match(refused.stderr, "error[E_LOCK_STALE]");
    assert.is((await place.run(["export", "--frozen"])).stderr, "");
  }),
);

test(
  "what can't be exported is told",
  placed(async (place) => {
    for (const [words, code, message] of [
      [["--extra", "ful"], 2, "the lock knows no extra `ful`; did you mean `full`?"],
      [["--format", "pylock", "--no-hashes"], 2, "can't be without hashes"],
      [["--format", "pylock", "-o", "lock.toml"], 2, "has to be called `pylock.toml`"],
      [["--file", "other.lockb"], 3, "there is no other.lockb"],
      [["--format", "conda"], 2, "conda"],
    ] as const) {
      const { exitCode, stderr } = await place.run(["export", ...words]);
      assert.is(exitCode, code, words.join(" "));
      assert.match(stderr, message);
    }
  }),
);

test.run();

import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { projectText } from "../harness/lock-scene.ts";
import { createPlace, inPlace, type Place } from "../harness/project.ts";
import type { Release } from "../harness/release.ts";

const big = (letter: string): string => `text = "${letter.repeat(60_000)}"\n`;
const packages: readonly Release[] = [
  { name: "a", version: "1.0", files: { "a/__init__.py": big("a"), "a/same.py": big("s") } },
  { name: "b", version: "1.0", files: { "b/__init__.py": big("b"), "b/same.py": big("s") } },
  { name: "c", version: "1.0", files: { "c/__init__.py": big("c") } },
];
const index = await startIndex({ packages });
test.after(() => index.stop());

const DAY_MS = 86_400_000;
interface Collected {
  readonly freed_bytes: number;
  readonly removed: number;
  readonly kept: number;
  readonly size_before: number;
  readonly size_after: number;
  readonly dry_run: boolean;
  readonly items: readonly {
    readonly cache: string;
    readonly name: string;
    readonly path: string;
    readonly bytes: number;
  }[];
  readonly in_use: readonly { readonly name: string; readonly reason: string }[];
}

async function collected(place: Place, ...words: string[]): Promise<Collected> {
  const { exitCode, stderr, json } = await place.run([...words, "--format=json"]);
  assert.equal([exitCode, stderr], [0, ""]);
  return json().data as unknown as Collected;
}
const packagesOf = ({ items }: Collected): readonly string[] =>
  items.flatMap(({ cache, name }) => (cache === "packages" ? [name] : [])).sort();

/** A script's environment with these packages; its Python is run once. */
async function runScript(place: Place, name: string, requires: readonly string[]): Promise<void> {
  place.write({
    [`${name}.py`]: `# /// script\n# dependencies = ${JSON.stringify(requires)}\n# ///\n${requires.map((each) => `import ${each}\n`).join("")}`,
  });
  const { exitCode, stderr } = await place.run(["run", `${name}.py`], { env: { PYBUN_STORE_BYTECODE: "wait" } });
  assert.equal([exitCode, stderr], [0, ""]);
}
function environments(place: Place): readonly string[] {
  const folder = path.join(place.data, "pep723-envs");
  return fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => /^[0-9a-f]{32}$/.test(name)) : [];
}
function age(place: Place, days: number): void {
  const visit = (folder: string): void => {
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory() && entry.name !== "tree") visit(file);
      if (entry.isSymbolicLink()) continue;
      const time = new Date(Date.now() - days * DAY_MS);
      if (entry.name !== "tree") fs.utimesSync(file, time, time);
    }
  };
  visit(place.data);
}
const entriesIn = (place: Place): number =>
  fs
    .readdirSync(path.join(place.data, "packages"), { recursive: true })
    .filter((name) => /[0-9a-f]{64}$/.test(String(name)) && !String(name).startsWith("by-wheel")).length;
const objectsIn = (place: Place): readonly string[] =>
  fs.readdirSync(path.join(place.data, "objects"), { recursive: true }).map(String);

test(
  "what nobody uses goes when it is old enough, with what only that needed; empty folders go too",
  inPlace(
    async (place) => {
      await runScript(place, "one", ["a", "b"]);
      await runScript(place, "two", ["c"]);
      const young = await collected(place, "gc");
      assert.equal([young.removed, environments(place).length], [0, 2]);
      age(place, 91);
      const dry = await collected(place, "gc", "--dry-run");
      assert.equal([packagesOf(dry), dry.dry_run, entriesIn(place)], [["a 1.0", "b 1.0", "c 1.0"], true, 3]);
      const real = await collected(place, "gc");
      assert.equal(packagesOf(real), ["a 1.0", "b 1.0", "c 1.0"]);
      // The dry run itself has written to the log.
      const bytesOf = ({ items }: Collected): readonly number[] =>
        items.flatMap(({ cache, bytes }) => (cache === "packages" ? [bytes] : []));
      assert.equal(bytesOf(real), bytesOf(dry));
      assert.is(real.size_before - real.freed_bytes, real.size_after);
      assert.equal([entriesIn(place), environments(place), objectsIn(place)], [0, [], []]);
      // Four different files, and bytecode of five.
      assert.ok(real.freed_bytes > 9 * 60_000 && real.freed_bytes < 11 * 60_000, String(real.freed_bytes));
      await runScript(place, "one", ["a", "b"]);
    },
    { index },
  ),
);

test(
  "--max-age and cache.max-age say how old; a bad value is refused",
  inPlace(
    async (place) => {
      await runScript(place, "one", ["a"]);
      age(place, 10);
      assert.equal(packagesOf(await collected(place, "gc", "--max-age", "11d", "--dry-run")), []);
      assert.equal(packagesOf(await collected(place, "gc", "--max-age", "9d", "--dry-run")), ["a 1.0"]);
      place.write({ "pyproject.toml": `${projectText([])}[tool.pybun.cache]\nmax-age = "9d"\n` });
      assert.equal(packagesOf(await collected(place, "gc", "--dry-run")), ["a 1.0"]);
      for (const [option, value] of [
        ["--max-age", "soon"],
        ["--max-age", "9"],
        ["--max-size", "1X"],
        ["--max-size", "-1G"],
      ] as const)
        assert.is((await place.run(["gc", `${option}=${value}`])).exitCode, 2, value);
      place.write({ "pyproject.toml": `${projectText([])}[tool.pybun.cache]\nmax-age = "soon"\n` });
      const { exitCode, stderr } = await place.run(["gc"]);
      assert.is(exitCode, 3);
      assert.match(stderr, /E_CONFIG_INVALID.*cache\.max-age/);
    },
    { index },
  ),
);

test(
  "--max-size takes what was used least recently, until it fits",
  inPlace(
    async (place) => {
      await runScript(place, "old", ["c"]);
      age(place, 5);
      await runScript(place, "new", ["a"]);
      const { size_before: all } = await collected(place, "gc", "--dry-run", "--max-size", "10G");
      assert.equal(packagesOf(await collected(place, "gc", `--max-size=${all}`)), []);
      const { size_after: left, ...went } = await collected(place, "gc", `--max-size=${all - 60_000}`);
      assert.equal([packagesOf(went as Collected), environments(place).length], [["c 1.0"], 1]);
      assert.ok(left <= all - 60_000);
    },
    { index },
  ),
);

test(
  "what an environment uses stays, wherever it lies, until it is gone",
  inPlace(
    async (place) => {
      for (const mode of ["tree", "hardlink"]) {
        place.write({ "pyproject.toml": projectText(["a", "b"]) });
        assert.is((await place.run(["install", "--link-mode", mode])).exitCode, 0);
        age(place, 200);
        const kept = await collected(place, "gc", "--max-size", "0");
        assert.equal([packagesOf(kept), kept.in_use.map(({ name }) => name).sort()], [[], ["a 1.0", "b 1.0"]], mode);
        assert.match(kept.in_use[0]?.reason ?? "", /\.pybun\/venv uses it$/);
        assert.equal((await place.run(["run", "-c", "import a, b; print(a.text[0])"])).stdout, "a\n");
        fs.rmSync(path.join(place.cwd, ".pybun"), { recursive: true });
      }
      assert.equal(packagesOf(await collected(place, "gc")), ["a 1.0", "b 1.0"]);
    },
    { index },
  ),
);

test(
  "a project that was moved keeps its packages once something was run in it",
  inPlace(
    async (place) => {
      place.write({ "one/pyproject.toml": projectText(["a"]) });
      const [from, to] = ["one", "two"].map((name) => path.join(place.cwd, name)) as [string, string];
      assert.is((await place.run(["install"], { cwd: from })).exitCode, 0);
      fs.renameSync(from, to);
      assert.is((await place.run(["run", "-c", "import a"], { cwd: to })).exitCode, 0);
      age(place, 200);
      assert.equal(packagesOf(await collected(place, "gc", "--max-size", "0")), []);
      assert.is((await place.run(["run", "-c", "import a"], { cwd: to })).exitCode, 0);
    },
    { index },
  ),
);

test(
  "what an environment no longer needs goes, and files it shared stay",
  inPlace(
    async (place) => {
      place.write({ "pyproject.toml": projectText(["a", "b"]) });
      assert.is((await place.run(["install"])).exitCode, 0);
      place.write({ "pyproject.toml": projectText(["a"]) });
      assert.is((await place.run(["install"])).exitCode, 0);
      const { items } = await collected(place, "cache", "prune");
      assert.equal(
        items.map(({ name }) => name),
        ["b 1.0"],
      );
      const freed = items[0]?.bytes ?? 0;
      assert.ok(freed > 60_000 && freed < 115_000, `without the file of a: ${freed}`);
      assert.equal((await place.run(["run", "-c", "import a.same; print(a.same.text[0])"])).stdout, "s\n");
    },
    { index, env: { PYBUN_STORE_BYTECODE: "never" } },
  ),
);

test(
  "a program that runs keeps its environment and what that needs, and nothing in another store of the same packages",
  inPlace(
    async (place) => {
      await runScript(place, "one", ["a"]);
      const [key = ""] = environments(place);
      const root = path.join(place.data, "pep723-envs", key);
      const program = spawn(path.join(root, "bin", "python"), [
        "-c",
        "import a, sys; print(1, flush=True); sys.stdin.read()",
      ]);
      await new Promise((resolve) => program.stdout.once("data", resolve));
      try {
        age(place, 200);
        const kept = await collected(place, "gc", "--max-size", "0");
        assert.equal([packagesOf(kept), environments(place)], [[], [key]]);
        const elsewhere = createPlace({ index });
        try {
          await runScript(elsewhere, "two", ["a", "b"]);
          assert.equal(packagesOf(await collected(elsewhere, "gc", "--max-size", "0")), ["a 1.0", "b 1.0"]);
        } finally {
          elsewhere.remove();
        }
      } finally {
        program.kill();
        await new Promise((resolve) => program.once("close", resolve));
      }
      assert.equal(packagesOf(await collected(place, "gc")), ["a 1.0"]);
    },
    { index },
  ),
);

test(
  "cache.max-size is kept to after an install, and what was just installed stays",
  inPlace(
    async (place) => {
      await runScript(place, "old", ["c"]);
      age(place, 5);
      place.write({ "pyproject.toml": `${projectText(["a"])}[tool.pybun.cache]\nmax-size = "1K"\n` });
      const { exitCode, json } = await place.run(["install", "--format=json"]);
      assert.is(exitCode, 0);
      const evicted = json().events.filter((event) => (event as { type: string }).type === "CacheEvict");
      assert.ok(evicted.some((event) => (event as { key?: string }).key === "c 1.0"));
      assert.equal((await place.run(["run", "-c", "import a; print(1)"])).stdout, "1\n");
    },
    { index },
  ),
);

test(
  "cache clean empties caches by name, removes a package, and knows what it does not know",
  inPlace(
    async (place) => {
      await runScript(place, "one", ["a", "b"]);
      fs.rmSync(path.join(place.data, "pep723-envs"), { recursive: true });
      const one = await collected(place, "cache", "clean", "A");
      assert.equal([packagesOf(one), one.removed], [["a 1.0"], 1]);
      const index = await collected(place, "cache", "clean", "index");
      assert.ok(index.removed > 0 && index.items.every(({ cache }) => cache === "index"));
      const unknown = await place.run(["cache", "clean", "indx"]);
      assert.is(unknown.exitCode, 2);
      assert.match(unknown.stderr, /E_CACHE_UNKNOWN[^]*pybun cache clean index/);
      const all = await collected(place, "cache", "clean");
      assert.equal(packagesOf(all), ["b 1.0"]);
      assert.equal(objectsIn(place), []);
      await runScript(place, "one", ["a", "b"]);
    },
    { index },
  ),
);

test(
  "cache dir, info and size",
  inPlace(
    async (place) => {
      await runScript(place, "one", ["a", "b"]);
      assert.is((await place.run(["cache", "dir"])).stdout, `${place.data}\n`);
      const { data } = (await place.run(["cache", "info", "--format=json"])).json() as unknown as {
        data: { bytes: number; caches: readonly { name: string; items: number; bytes: number }[] };
      };
      const store = data.caches.find(({ name }) => name === "packages");
      assert.is(store?.items, 2);
      // Three files of 60,000 bytes, each once, and their bytecode.
      assert.ok((store?.bytes ?? 0) > 360_000 && (store?.bytes ?? 0) < 450_000, String(store?.bytes));
      const size = Number((await place.run(["cache", "size"])).stdout);
      assert.ok(Math.abs(size - data.bytes) < 20_000, `${size} ${data.bytes}`);
      assert.match((await place.run(["cache", "info"])).stdout, /packages +2 +\d+K/);
    },
    { index },
  ),
);

test(
  "links in the store and in caches are not followed",
  inPlace(async (place) => {
    place.write({ "thesis/years.txt": "of work" });
    fs.mkdirSync(path.join(place.data, "hints"), { recursive: true });
    fs.symlinkSync(path.join(place.cwd, "thesis"), path.join(place.data, "hints", "x"));
    await collected(place, "cache", "clean");
    assert.equal([place.read("thesis/years.txt"), fs.existsSync(path.join(place.data, "hints"))], ["of work", false]);
  }),
);

test.run();

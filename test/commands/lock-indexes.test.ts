import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { lockIn, projectText } from "../harness/lock-scene.ts";
import { inPlace, type Place } from "../harness/project.ts";

// Packages that come from one index here and from another one there: in a lock each place has its own.

const index = await startIndex({
  packages: [
    { name: "tensor", version: "1.0" },
    { name: "tensor", version: "2.0" },
    { name: "model", version: "1.0", requires: ["tensor"] },
    { name: "plain", version: "1.0" },
  ],
});
const cpu = await startIndex({
  packages: [
    { name: "tensor", version: "1.0+cpu" },
    { name: "tensor", version: "2.0" },
  ],
});
const cuda = await startIndex({
  packages: [
    { name: "tensor", version: "1.5+cuda", requires: ["driver"] },
    { name: "driver", version: "9.0" },
  ],
});
test.after(async () => void (await Promise.all([index, cpu, cuda].map((each) => each.stop()))));

const INDEXES = [cpu, cuda]
  .map(({ url }, i) => `[[tool.uv.index]]\nname = "${["cpu", "cuda"][i]}"\nurl = "${url}"\nexplicit = true\n`)
  .join("");
const sources = (text: string): string => `[tool.uv.sources]\n${text}\n${INDEXES}`;
const BY_PLATFORM = sources(
  `tensor = [{ index = "cpu", marker = "sys_platform == 'darwin'" }, { index = "cuda", marker = "sys_platform == 'linux'" }]\ndriver = { index = "cuda" }`,
);

interface Locked {
  readonly packages: readonly { name: string; version: string; marker: string; source: { index?: string } }[];
}
/** `name version index; marker` of all packages but the plain ones. */
async function locked(place: Place, ...words: string[]): Promise<string[]> {
  const { packages } = JSON.parse((await place.run(["lock", "--json", ...words])).stdout) as Locked;
  return packages.flatMap(({ name, version, marker, source }) =>
    name === "plain" ? [] : [`${name} ${version} ${source.index}${marker === "" ? "" : `; ${marker}`}`],
  );
}
const placed = (body: (place: Place) => Promise<void>) => inPlace(body, { index, env: { UV_NO_CONFIG: "0" } });

const DARWIN = 'tensor 2.0 cpu; sys_platform == "darwin"';
const LINUX = ['driver 9.0 cuda; sys_platform == "linux"', 'tensor 1.5+cuda cuda; sys_platform == "linux"'];
const ELSEWHERE = 'tensor 2.0 pypi; sys_platform != "darwin" and sys_platform != "linux"';

for (const [what, dependencies, also] of [
  ["required by the project", ["tensor", "driver; sys_platform == 'linux'", "plain"], []],
  ["required by a package", ["model", "plain"], ["model 1.0 pypi"]],
] as const)
  test(
    `two indexes by platform, ${what}`,
    placed(async (place) => {
      place.write({ "pyproject.toml": projectText(dependencies, BY_PLATFORM) });
      await lockIn(place);
      assert.equal(await locked(place), [LINUX[0], ...also, LINUX[1], ELSEWHERE, DARWIN]);
      const bytes = fs.readFileSync(path.join(place.cwd, "pybun.lockb"));
      assert.match(await lockIn(place), "Up to date");
      await lockIn(place, "-P", "plain");
      assert.equal(fs.readFileSync(path.join(place.cwd, "pybun.lockb")), bytes);
      await lockIn(place, "-U");
      assert.equal(fs.readFileSync(path.join(place.cwd, "pybun.lockb")), bytes);
      if (process.platform !== "linux") return;
      const { exitCode, stderr } = await place.run(["sync"]);
      assert.is(exitCode, 0, stderr);
      const said = await place.run(["run", "-c", "import tensor, driver; print(tensor.version, driver.version)"]);
      assert.is(said.stdout, "1.5+cuda 9.0\n", said.stderr);
    }),
  );

test(
  "one index, and only on one platform: elsewhere the usual ones are asked",
  placed(async (place) => {
    const text = `tensor = { index = "cuda", marker = "sys_platform == 'linux'" }\ndriver = { index = "cuda" }`;
    place.write({ "pyproject.toml": projectText(["model"], sources(text)) });
    await lockIn(place);
    assert.equal(await locked(place), [
      LINUX[0],
      "model 1.0 pypi",
      LINUX[1],
      'tensor 2.0 pypi; sys_platform != "linux"',
    ]);
  }),
);

test(
  "an index of one extra and one of another, which conflict",
  placed(async (place) => {
    const extras = `[project.optional-dependencies]\nnone = ["tensor<2"]\ngpu = ["tensor"]\n`;
    const text = `tensor = [{ index = "cpu", extra = "none" }, { index = "cuda", extra = "gpu" }]\ndriver = { index = "cuda" }`;
    const project = (conflicts: string) => projectText(["plain"], extras + sources(text) + conflicts);
    place.write({ "pyproject.toml": project("") });
    const { exitCode, stderr } = await place.run(["lock"]);
    assert.is(exitCode, 4, stderr);
    assert.match(
      stderr,
      /^error\[E_INDEX_CONFLICT\]: `tensor` is to come from two indexes at once\n {2}`cpu` {2}for pyproject\.toml:7\n {2}`cuda` {2}for pyproject\.toml:8\n/,
    );
    place.write({ "pyproject.toml": project(`[tool.uv]\nconflicts = [[{ extra = "none" }, { extra = "gpu" }]]\n`) });
    await lockIn(place);
    assert.equal(await locked(place), [
      'driver 9.0 cuda; "gpu" in extras',
      'tensor 1.0+cpu cpu; "none" in extras',
      'tensor 1.5+cuda cuda; "gpu" in extras',
    ]);
  }),
);

test(
  "a member's own sources are those of what it requires, before those of the workspace",
  placed(async (place) => {
    const member = (name: string, more: string) => projectText(["tensor"], more, name);
    const text = `tensor = [{ index = "cpu", marker = "sys_platform == 'linux'" }]`;
    place.write({
      "pyproject.toml": `[tool.uv.workspace]\nmembers = ["one", "two"]\n${INDEXES}`,
      "one/pyproject.toml": member("one", `[tool.uv.sources]\n${text}\n`),
      "two/pyproject.toml": member("two", ""),
    });
    await lockIn(place);
    const found = await locked(place);
    assert.equal(
      found.filter((line) => line.startsWith("tensor")),
      ['tensor 2.0 pypi; sys_platform != "linux"', 'tensor 2.0 cpu; sys_platform == "linux"'],
    );
    const cudaOnly = '[tool.uv.sources]\ntensor = { index = "cuda" }\ndriver = { index = "cuda" }\n';
    place.write({ "two/pyproject.toml": projectText(["tensor", "driver"], cudaOnly, "two") });
    const { exitCode, stderr } = await place.run(["lock"]);
    assert.is(exitCode, 4, stderr);
    assert.match(stderr, "E_INDEX_CONFLICT");
    assert.match(stderr, "only for Linux");
  }),
);

test(
  "merged locks keep to the indexes",
  placed(async (place) => {
    const save = (file: string) => fs.copyFileSync(path.join(place.cwd, "pybun.lockb"), path.join(place.cwd, file));
    const at = async (file: string, dependencies: readonly string[]) => {
      place.write({ "pyproject.toml": projectText(dependencies, BY_PLATFORM) });
      await lockIn(place);
      save(file);
    };
    await at("old", ["tensor"]);
    await at("ours", ["tensor", "plain"]);
    await at("old2", ["tensor"]);
    await at("theirs", ["tensor", "model"]);
    const merged = await place.run(["lock", "--merge-driver", "old", "ours", "theirs", "pybun.lockb"]);
    assert.is(merged.exitCode, 0, merged.stderr);
    assert.equal(await locked(place, "--file", "ours"), [LINUX[0], "model 1.0 pypi", LINUX[1], ELSEWHERE, DARWIN]);
  }),
);

test(
  "in one environment the index of that environment counts, for what packages require too",
  placed(async (place) => {
    place.write({ "pyproject.toml": projectText([], BY_PLATFORM) });
    const { stdout, stderr } = await place.run([
      "run",
      "--isolated",
      "--with",
      "model",
      "-c",
      "import tensor; print(tensor.version)",
    ]);
    assert.is(stdout, process.platform === "linux" ? "1.5+cuda\n" : "2.0\n", stderr);
  }),
);

test.run();

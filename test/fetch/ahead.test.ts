import fs from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type IndexData, type IndexServer, startIndex } from "../harness/index-server.ts";
import { inPlace, type Place } from "../harness/project.ts";

const test = suite("wheels that come while others are still looked for");

const onIndex =
  (data: IndexData, body: (place: Place, index: IndexServer) => Promise<void>) => async (): Promise<void> => {
    const index = await startIndex(data);
    try {
      await inPlace((place) => body(place, index), { index })();
    } finally {
      await index.stop();
    }
  };

const project = (place: Place, dependencies: readonly string[]): void =>
  place.write({
    "pyproject.toml": `[project]\nname = "mine"\nversion = "1"\nrequires-python = ">=3.9"\ndependencies = ${JSON.stringify(dependencies)}\n`,
  });

const asked = ({ requests }: IndexServer, part: string): number => requests.findIndex((one) => one.path.includes(part));
const filesAsked = ({ requests }: IndexServer): readonly string[] =>
  requests
    .filter(({ kind }) => kind === "file")
    .map(({ path: file }) => path.basename(file).replace(/-py3.*/, ""))
    .sort();

const CHAIN = [
  { name: "a", version: "1", requires: ["b"] },
  { name: "b", version: "1", requires: ["c"] },
  { name: "c", version: "1" },
];

for (const argv of [["install"], ["add", "a"], ["run", "--with", "a", "-c", "import a"]])
  test(
    `${argv[0]} asks for the first wheel before the last page`,
    onIndex({ packages: CHAIN }, async (place, index) => {
      if (argv[0] !== "run") project(place, argv[0] === "install" ? ["a"] : []);
      assert.is((await place.run(argv)).exitCode, 0);
      assert.equal(filesAsked(index), ["a-1", "b-1", "c-1"]);
      assert.ok(asked(index, "/a-1-") < asked(index, "/simple/c/"), "a's wheel before c's page");
    }),
  );

for (const argv of [["lock"], ["install", "--dry-run"], ["add", "a", "--dry-run"], ["add", "a", "--no-sync"]])
  test(
    `${argv.join(" ")} asks for none`,
    onIndex({ packages: CHAIN }, async (place, index) => {
      project(place, argv[0] === "add" ? [] : ["a"]);
      assert.is((await place.run(argv)).exitCode, 0);
      assert.equal(filesAsked(index), []);
    }),
  );

test(
  "none comes that is installed already with files of its own, though the store has it no more",
  onIndex({ packages: [...CHAIN, { name: "z", version: "1" }] }, async (place, index) => {
    project(place, ["a"]);
    assert.is((await place.run(["install", "--link-mode=copy"])).exitCode, 0);
    const before = filesAsked(index);
    fs.rmSync(path.join(place.data, "packages"), { recursive: true });
    assert.is((await place.run(["add", "z"])).exitCode, 0);
    assert.equal(filesAsked(index), [...before, "z-1"]);
  }),
);

test(
  "none comes for another platform, or for an extra nobody asked for",
  onIndex(
    {
      packages: [
        { name: "a", version: "1", requires: ["else; sys_platform == 'none'", "b", "more; extra == 'x'"] },
        { name: "b", version: "1", requires: ["c[y]"] },
        { name: "c", version: "1", requires: ["d; extra == 'y'"] },
        ...["d", "else", "more"].map((name) => ({ name, version: "1" })),
      ],
    },
    async (place, index) => {
      project(place, ["a"]);
      assert.is((await place.run(["install"])).exitCode, 0);
      assert.equal(filesAsked(index), ["a-1", "b-1", "c-1", "d-1"]);
    },
  ),
);

test(
  "one that came in vain harms nothing, even if it can't be had",
  onIndex(
    {
      packages: [
        { name: "a", version: "1", requires: ["z<2"] },
        { name: "b", version: "1" },
        { name: "b", version: "2", requires: ["y"] },
        { name: "y", version: "1", requires: ["z>=2"] },
        { name: "z", version: "1" },
        { name: "z", version: "2" },
      ],
      faults: [{ url: "*/b-2-*.whl", corrupt: true }],
    },
    async (place, index) => {
      project(place, ["a", "b"]);
      const { exitCode: code, stdout, stderr } = await place.run(["install"]);
      assert.equal([code, stderr], [0, ""]);
      assert.match(stdout, /b {2}1\n/);
      assert.ok(filesAsked(index).includes("b-2"));
    },
  ),
);

test.run();

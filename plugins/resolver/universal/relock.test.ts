import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Release } from "../../../test/harness/release.ts";
import { releases } from "../ask.fixture.ts";
import { type Asked, linesOf, lock } from "./lock.fixture.ts";

const test = suite("locking from the lock");

/** Of an index's releases, those with tags have wheels with these alone. */
function index(lines: readonly string[], tags: Readonly<Record<string, string>> = {}): readonly Release[] {
  return releases(...lines).map((release) => {
    const own = tags[`${release.name} ${release.version}`];
    return own === undefined ? release : { ...release, sdist: false, tags: own.split(" ") };
  });
}

const CASES: Readonly<Record<string, Asked>> = {
  "the lowest version has a local build that was not taken": {
    index: index(["torch 1.0", "torch 1.0+cpu"], {
      "torch 1.0": "cp39-none-macosx_11_0_arm64",
      "torch 1.0+cpu": "cp39-none-win_amd64",
    }),
    requires: ["torch"],
    policy: { resolution: "lowest-direct" },
  },
  "a local build is taken where it has wheels": {
    index: index(["torch 1.0", "torch 1.0+cpu"], {
      "torch 1.0": "cp39-none-macosx_11_0_arm64",
      "torch 1.0+cpu": "cp39-none-win_amd64",
    }),
    requires: ["torch"],
  },
  "a withdrawn version is pinned that has a withdrawn local build": {
    index: index(["b 1.0", "b 1.0+x"]).map((release) => ({ ...release, yanked: true })),
    requires: ["b==1.0"],
  },
  "nothing has wheels for the oldest Python": {
    index: index(["onnx 1.0", "onnx 2.0", "app 1.0: onnx"], {
      "onnx 1.0": "cp311-none-any",
      "onnx 2.0": "cp312-none-any",
    }),
    requires: ["app"],
  },
};

for (const [name, asked] of Object.entries(CASES)) {
  test(`changes nothing where ${name}`, async () => {
    const first = await lock(asked);
    assert.is(first.error, undefined);
    const again = await lock({ ...asked, previous: first.lock });
    assert.equal(linesOf(again.lock), linesOf(first.lock));
  });
}

test("what is added to a lock is the newest for each Python, as in a lock made at once", async () => {
  const both = (name: string): readonly Release[] => [
    { name, version: "1.0", "requires-python": ">=3.9" },
    { name, version: "2.0", "requires-python": ">=3.10" },
  ];
  const asked: Asked = { index: [...both("a"), ...both("b")], requires: ["a", "b"] };
  const first = (await lock({ ...asked, requires: ["a"] })).lock;
  // In its file they are in the order of their letters, the oldest Python first.
  const previous = { ...first, forks: first.forks.toSorted() };
  assert.is(previous.forks[0], 'python_version < "3.10"');
  assert.equal(linesOf((await lock({ ...asked, previous })).lock), linesOf((await lock(asked)).lock));
});

test.run();

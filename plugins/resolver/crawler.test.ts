import { suite } from "uvu";
import * as assert from "uvu/assert";
import { PybunError } from "../../plugin-api/error.ts";
import { ask, releases } from "./ask.fixture.ts";

const test = suite("resolver's fetching");

const versions = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${name} ${i + 1}.0`);

const sdist = (name: string, version: string) => ({ name, version, tags: [], sdist: true });

test("only candidates that are considered have their metadata fetched", async () => {
  const chain = ["a", "b", "c", "d"].flatMap((name, i, all) =>
    versions(name, 30).map((head) => (all[i + 1] ? `${head}: ${all[i + 1]}<20` : head)),
  );
  const { index, pins } = await ask({ index: releases(...chain), demands: ["a<25", "b<15"] });
  assert.equal(pins, ["a 24.0", "b 14.0", "c 19.0", "d 19.0"]);
  assert.equal([...index.pages].sort(), ["a", "b", "c", "d"]);
  assert.equal([...index.metadata].sort(), ["a 24.0", "b 14.0", "c 19.0", "d 19.0"]);
});

test("what is for other platforms, unasked extras or constraints is not fetched", async () => {
  const index = releases("a 1.0: b; sys_platform == 'win32', c; extra == 'x', d", "b 1.0", "c 1.0", "d 1.0");
  const answer = await ask({ index, demands: ["a"], constraints: ["b<2"] });
  assert.equal(answer.index.pages, ["a", "d"]);
});

test("metadata of a source distribution is not fetched ahead", async () => {
  // `b` alone forbids `a 2.0`: a build for its metadata would be in vain.
  const index = [...releases("b 1.0: a<2"), ...releases("a 1.0"), sdist("a", "2.0")];
  const answer = await ask({ index, demands: ["b", "a"] });
  assert.equal(answer.pins, ["a 1.0", "b 1.0"]);
  assert.not(answer.index.metadata.includes("a 2.0"));
});

test("nor where releases are fetched in batches", async () => {
  const old = versions("a", 30).map((head) => {
    const [name, version] = head.split(" ") as [string, string];
    return { ...sdist(name, version), requires: ["b<2"] };
  });
  const index = [...old, ...releases("a 0.1", "b 1.0", "b 2.0")];
  const answer = await ask({ index, demands: ["b>=2", "a"], failure: () => undefined });
  assert.equal(answer.pins, ["a 0.1", "b 2.0"]);
  const asked = answer.index.metadata.filter((text) => text.startsWith("a "));
  assert.is(asked.length, 31);
  assert.is(answer.index.mostAtOnce, 2);
});

test("a long walk through a package's releases fetches them in batches", async () => {
  const index = releases(...versions("a", 200).map((head, i) => (i < 20 ? head : `${head}: b<2`)), "b 1.0", "b 2.0");
  const answer = await ask({ index, demands: ["b>=2", "a"] });
  assert.equal(answer.pins, ["a 20.0", "b 2.0"]);
  assert.ok(answer.index.metadata.length <= 181 + 51, String(answer.index.metadata.length));
});

/** Answers come together, all to what was asked since the last ones. */
function inWaves(): { readonly delay: () => Promise<void>; readonly count: () => number } {
  const waiting: (() => void)[] = [];
  let count = 0;
  const answer = (): void => {
    count++;
    for (const go of waiting.splice(0)) go();
  };
  const delay = () => new Promise<void>((go) => void (waiting.push(go) === 1 && setImmediate(answer)));
  return { delay, count: () => count };
}

test("two packages that are walked in step are fetched in batches", async () => {
  const each = (text: (i: number) => string) => Array.from({ length: 200 }, (_, i) => text(i + 1));
  const index = releases("a 0.1", ...each((i) => `a ${i}: b==${i}`), ...each((i) => `b ${i}: c<2`), "c 1", "c 2");
  const waves = inWaves();
  const answer = await ask({ index, demands: ["c>=2", "a"], delay: waves.delay });
  assert.equal(answer.pins, ["a 0.1", "c 2"]);
  assert.ok(waves.count() < 50, `${waves.count()} waves`);
  assert.is(answer.index.metadata.length, 402);
});

test("of what is not walked nothing is fetched in step", async () => {
  const heads = versions("a", 60).map((head, i) => (i < 20 ? head : `${head}: b<2, d`));
  const index = releases(...heads, "b 1.0", "b 2.0", "d 1.0", "d 2.0");
  const answer = await ask({ index, demands: ["b>=2", "a"] });
  assert.equal(answer.pins, ["a 20.0", "b 2.0"]);
  assert.not(answer.index.metadata.includes("d 1.0"));
});

test("everything is fetched at once", async () => {
  const names = Array.from({ length: 40 }, (_, i) => `p${i}`);
  const answer = await ask({
    index: releases(`a 1.0: ${names.join(", ")}`, ...names.map((name) => `${name} 1.0`)),
    demands: ["a"],
  });
  assert.equal(answer.pins.length, 41);
  assert.is(answer.index.mostAtOnce, 40);
});

/** Packages that need one another, some of which can't be had together. */
const knot = releases(
  "a 1.0: b, c",
  "a 2.0: b<2, c; sys_platform == 'win32', d>=2",
  "b 1.0: d",
  "b 2.0: d<2, e[x]",
  "c 1.0",
  "d 1.0: e",
  "d 2.0: e[x]>=1",
  "e 1.0: f; extra == 'x'",
  "f 1.0",
);

test("what is at hand is taken at once, each once, and leads to the same", async () => {
  const demands = ["a", "b"];
  const plain = await ask({ index: knot, demands });
  const ways: readonly ((what: string) => boolean)[] = [
    () => true,
    (what) => what.startsWith("fetch.versions"),
    (what) => what.startsWith("fetch.metadata"),
    (what) => /[ace]$/.test(what),
  ];
  for (const isAtHand of ways) {
    const { pins, index } = await ask({ index: knot, demands, isAtHand });
    assert.equal(pins, plain.pins);
    for (const asked of [index.pages, index.metadata]) assert.is(new Set(asked).size, asked.length);
  }
  const { index } = await ask({ index: knot, demands, isAtHand: () => true });
  assert.is(index.mostAtOnce, 0, "nothing was waited for");
  assert.equal([index.pages, index.metadata], [plain.index.pages, plain.index.metadata]);
});

test("however deep a graph is, all of it may be at hand", async () => {
  const depth = 5_000;
  const chain = Array.from({ length: depth }, (_, i) => (i + 1 < depth ? `p${i} 1.0: p${i + 1}` : `p${i} 1.0`));
  const { pins } = await ask({ index: releases(...chain), demands: ["p0"], isAtHand: () => true });
  assert.is(pins.length, depth);
});

test("what fails though it is at hand is met again by whoever needs it", async () => {
  const index = releases("a 1.0", "a 2.0");
  const failure = ({ version }: { readonly version: string }) =>
    version === "2.0" ? new PybunError("E_METADATA", "broken") : undefined;
  const answer = await ask({ index, demands: ["a"], failure, isAtHand: () => true });
  assert.equal(answer.pins, ["a 1.0"]);
});

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import { type SmallLock, smallLock } from "../../test/harness/small-lock.ts";
import { graphOf } from "./graph.ts";
import { pathsTo } from "./paths.ts";

/** Each path as the names of its packages. */
function found(given: SmallLock, target: string, most = 100) {
  const lock = smallLock(given);
  const graph = graphOf(lock, [{ name: "app", version: "1" }], {});
  const index = lock.packages.findIndex(({ name }) => name === target);
  const { paths, isMore } = pathsTo(graph, index, most);
  return { isMore, paths: paths.map(({ links }) => links.map(({ to }) => lock.packages[to]?.name).join(" ")) };
}

const DIAMOND: SmallLock = {
  packages: [
    { id: "a 1", needs: ["b 1", "c 1"] },
    { id: "b 1", needs: ["d 1"] },
    { id: "c 1", needs: ["d 1", "a 1"] },
    { id: "d 1" },
    { id: "e 1" },
  ],
  roots: ["a 1", "d 1", "e 1"],
};

test("every path, the shortest first, none in a circle", () => {
  assert.equal(found(DIAMOND, "d"), { isMore: false, paths: ["d", "a b d", "a c d"] });
});

test("as many as are wanted, and that there are more", () => {
  assert.equal(found(DIAMOND, "d", 2), { isMore: true, paths: ["a b d", "a c d"] });
});

test("an extra's requirements are reached by what asks for the extra", () => {
  const given: SmallLock = {
    packages: [
      { id: "a 1", extras: ["x"], needs: ['c 1 ; extra == "x"'] },
      { id: "b 1", needs: ["a[x] 1"] },
      { id: "c 1" },
    ],
    roots: ["a 1", "b 1"],
  };
  assert.equal(found(given, "c"), { isMore: false, paths: ["b a c"] });
});

test("not by way of another project of the workspace", () => {
  const lock = smallLock({
    packages: [
      { id: "a 1" },
      { id: "lib 1", source: { kind: "member", path: "/w/lib", isVirtual: false }, needs: ["a 1"] },
    ],
    roots: [
      { needs: "lib 1", kind: "member", name: "app" },
      { needs: "a 1", kind: "member", name: "lib" },
    ],
  });
  const start = (name: string) => ({ name, version: "1", member: name as never });
  const lengths = (names: readonly string[], index: number) =>
    pathsTo(graphOf(lock, names.map(start), {}), index, 9).paths.map(({ start: { name }, links }) => [
      name,
      links.length,
    ]);
  assert.equal(lengths(["app", "lib"], 0), [["lib", 1]]);
  assert.equal(lengths(["app", "lib"], 1), [["app", 1]]);
  // Where only one member is looked at.
  assert.equal(lengths(["app"], 0), [["app", 2]]);
});

test.run();

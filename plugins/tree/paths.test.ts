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

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import { InvalidSyntax } from "../error.ts";
import { pylockPlace } from "./pylock-place.ts";

const HERE = "file:///p/locks/pylock.toml";
const THERE = "https://e.x/locks/pylock.toml?x=1";
const PLACES: readonly (readonly [place: Parameters<typeof pylockPlace>[0], lock: string, expected: string])[] = [
  [{ url: "https://f.x/a.whl" }, HERE, "https://f.x/a.whl"],
  [{ path: "../w/a b.whl", url: "https://f.x/a.whl" }, HERE, "file:///p/w/a%20b.whl"],
  [{ path: "/abs/a.whl" }, HERE, "file:///abs/a.whl"],
  [{ url: "https://f.x/a.whl" }, THERE, "https://f.x/a.whl"],
  [{ path: "w\\a#1.whl" }, THERE, "https://e.x/locks/w/a%231.whl"],
  [{ path: "../a.whl" }, THERE, "https://e.x/a.whl"],
];
for (const [place, lock, expected] of PLACES)
  test(`${JSON.stringify(place)} of ${lock}`, () => assert.is(pylockPlace(place, lock), expected));

for (const place of [
  { path: "/etc/a.whl" },
  { path: "C:\\a.whl" },
  { url: "file:///etc/a.whl" },
  { url: "git+file:///r" },
])
  test(`a lock from a server may not name ${JSON.stringify(place)}`, () =>
    assert.throws(
      () => pylockPlace(place, THERE),
      (error: unknown) => error instanceof InvalidSyntax && /is on this machine/.test(error.message),
    ));

test.run();

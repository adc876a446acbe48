import { test } from "uvu";
import * as assert from "uvu/assert";
import { bareUrl, loginIn, scopeOf } from "./url-scope.ts";

const ENTRIES = [
  "https://a.example/simple/",
  "https://a.example/team/simple",
  "https://a.example:8443/",
  "http://b.example/x/",
].map((url) => ({ url }));

for (const [url, expected] of [
  ["https://a.example/simple/foo/", 0],
  ["https://a.example/simple", 0],
  ["https://a.example/team/simple/foo/", 1],
  ["https://a.example/team/simpler/foo/", 0],
  ["https://a.example/files/x.whl", 0],
  ["https://me:pw@a.example/team/simple/x", 1],
  ["https://a.example:8443/files/x.whl", 2],
  ["http://a.example/simple/foo/", undefined],
  ["https://A.EXAMPLE/team/simple/foo/", 1],
  ["https://b.example/x/", undefined],
  ["https://sub.a.example/simple/", undefined],
  ["no url", undefined],
] as const)
  test(`${url} lies below ${expected === undefined ? "none" : ENTRIES[expected]?.url}`, () =>
    assert.is(scopeOf(url, ENTRIES), expected === undefined ? undefined : ENTRIES[expected]));

test("what is no URL among the entries is passed over", () => {
  assert.is(scopeOf("https://a.example/", [{ url: "x" }]), undefined);
});

for (const [url, bare, login] of [
  ["https://me:s%2F%40@a.example/x#y", "https://a.example/x", { username: "me", password: "s/@" }],
  ["https://token@a.example/", "https://a.example/", { username: "token", password: "" }],
  ["https://me:50%@a.example/", "https://a.example/", { username: "me", password: "50%" }],
  ["https://a.example/", "https://a.example/", undefined],
  ["nothing", "nothing", undefined],
] as const)
  test(`login of ${url}`, () => assert.equal([bareUrl(url), loginIn(url)], [bare, login]));

test.run();

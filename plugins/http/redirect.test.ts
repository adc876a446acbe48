import { suite } from "uvu";
import * as assert from "uvu/assert";
import { isLinkLocal } from "../../plugin-api/system/link-local.ts";
import { nextHop } from "./redirect.ts";

const test = suite("redirect");

const FROM = "https://a.example/simple/x/";

for (const [location, url] of [
  ["/y", "https://a.example/y"],
  ["../y", "https://a.example/simple/y"],
  ["//b.example/", "https://b.example/"],
  ["https://me:secret@b.example/y#part", "https://b.example/y"],
] as const) {
  test(`follows ${location}`, () => assert.equal(nextHop(FROM, location), { url }));
}

for (const location of [
  undefined,
  "",
  "http://a.example/",
  "file:///etc/passwd",
  "data:text/plain,x",
  "ftp://a.example/",
  "https://[broken",
  "https://169.254.169.254/latest/",
  "https://0xa9fe0707/",
  "https://2851997447/",
  "https://[fe80::1]/",
  "https://[febf::1]/",
  "https://[::ffff:169.254.7.7]/",
  "https://[64:ff9b::169.254.7.7]/",
]) {
  test(`refuses ${location}`, () => assert.ok("refusal" in nextHop(FROM, location)));
}

test("takes HTTP where it began with HTTP", () => {
  assert.equal(nextHop("http://a.example/", "http://b.example/"), { url: "http://b.example/" });
});

for (const hostname of ["169.253.1.1", "10.169.254.1", "[fec0::1]", "[2001:db8::a9fe:1]", "a169.254.1.1.example"]) {
  test(`${hostname} is not link-local`, () => assert.not(isLinkLocal(hostname)));
}

test.run();

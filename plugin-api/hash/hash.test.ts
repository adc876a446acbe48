import crypto from "node:crypto";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { randomName, sha256Base64, sha256Of } from "./native.ts";

for (const data of ["", "abc", "grün 🌱", Buffer.from([0, 255, 10])])
  test(`hashes ${JSON.stringify(data)} as Node does`, () => {
    assert.is(sha256Of(data), crypto.hash("sha256", data, "hex"));
    assert.is(sha256Base64(data), crypto.hash("sha256", data, "base64url"));
  });

test("random names have the length asked for and differ", () => {
  const names = new Set(Array.from({ length: 50 }, () => randomName(4)));
  assert.is(names.size, 50);
  for (const name of names) assert.match(name, /^[0-9a-f]{8}$/);
});

test.run();

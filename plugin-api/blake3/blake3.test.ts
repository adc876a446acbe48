import { createBLAKE3 } from "hash-wasm";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { blake3, blake3Engine, blake3Hex, startBlake3 } from "./blake3.ts";

const test = suite("BLAKE3");
const reference = await createBLAKE3();

const CHUNK = 1024;
const GROUP = 64 * CHUNK;
/** Around every border: of blocks, chunks, four lanes, groups of chunks, and groups of groups. */
const LENGTHS = [0, 1, 64, 65, CHUNK, CHUNK + 1, 2 * CHUNK, 4 * CHUNK, 5 * CHUNK + 7, GROUP, GROUP + 1, 3 * GROUP - 1]
  .concat([64 * GROUP, 64 * GROUP + 1, 65 * GROUP + 63])
  .flatMap((length) => [length, Math.max(0, length - 1)]);
const content = Uint8Array.from({ length: Math.max(...LENGTHS) }, (_, i) => (i * 31 + (i >> 8)) & 255);

for (const lanes of [1, 4] as const) {
  test(`${lanes} at a time: as the reference hashes`, () => {
    const engine = blake3Engine(lanes);
    for (const length of LENGTHS) {
      const hash = startBlake3(engine);
      const cut = Math.floor(length / 3);
      hash.update(content.subarray(0, cut));
      hash.update(content.subarray(cut, length));
      const expected = reference.init().update(content.subarray(0, length)).digest("hex");
      assert.is(Buffer.from(hash.digest()).toString("hex"), expected, `${length} bytes`);
    }
  });
}

test("published vectors", () => {
  assert.is(blake3Hex(), "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262");
  assert.is(blake3Hex(Buffer.from("abc")), "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85");
});

test("several hashes under way do not disturb each other", () => {
  const [first, second] = [startBlake3(), startBlake3()];
  for (let at = 0; at < 3 * GROUP; at += 5000) {
    first.update(content.subarray(at, at + 5000));
    second.update(content.subarray(at + 1, at + 5001));
  }
  const end = Math.ceil((3 * GROUP) / 5000) * 5000;
  assert.equal(first.digest(), blake3(content.subarray(0, end)));
  assert.equal(second.digest(), blake3(content.subarray(1, end + 1)));
});

test.run();

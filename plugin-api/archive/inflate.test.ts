import { deflateRawSync } from "node:zlib";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { inflateAlone, inflateRaw } from "./native.ts";

const text = Buffer.from("hello ".repeat(50_000));
const packed = deflateRawSync(text);
const stored = deflateRawSync(Buffer.from("abc"), { level: 0 });
const empty = deflateRawSync(Buffer.alloc(0));

const CASES: readonly (readonly [what: string, packed: Buffer, roomBytes: number])[] = [
  ["with room to spare", packed, text.length + 1],
  ["with just the room", packed, text.length],
  ["with too little room", packed, text.length - 1],
  ["stored and not compressed", stored, 4],
  ["nothing", empty, 1],
  ["bytes behind the end", Buffer.concat([packed, Buffer.from("xyz")]), text.length + 1],
  ["cut short", packed.subarray(0, -4), text.length + 1],
  ["no bytes at all", Buffer.alloc(0), 1],
  ["no deflate data", Buffer.from([7, 8, 9, 10]), 100],
];

const outcome = (inflate: typeof inflateRaw, bytes: Buffer, roomBytes: number): string => {
  try {
    const { content, restBytes } = inflate(bytes, roomBytes);
    const shown = content.length >= roomBytes ? "no room left" : content.toString("latin1");
    return `${content.length} ${content.length >= roomBytes ? 0 : restBytes} ${shown}`;
  } catch {
    return "damaged";
  }
};

for (const [what, bytes, roomBytes] of CASES)
  test(`inflating in shared memory is inflating alone: ${what}`, () => {
    assert.is(outcome(inflateRaw, bytes, roomBytes), outcome(inflateAlone, bytes, roomBytes));
  });

test("damaged data leave nothing behind for what comes next", () => {
  assert.throws(() => inflateRaw(packed.subarray(0, 20), text.length + 1));
  assert.ok(inflateRaw(packed, text.length + 1).content.equals(text));
});

test("what is inflated takes the place of what was inflated before", () => {
  const before = inflateRaw(packed, text.length + 1).content;
  assert.is(inflateRaw(stored, 4).content.toString(), "abc");
  assert.is(before.toString("latin1", 0, 6), "abclo ");
});
test.run();

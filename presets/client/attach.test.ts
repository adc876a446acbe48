import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { attachClient } from "./attach.ts";

const FORMS: readonly (readonly [what: string, image: Buffer])[] = [
  ["no program", Buffer.from("#!/bin/sh\n")],
  ["a program of 32 bits", header(1, 2)],
  ["a program that may lie anywhere", header(2, 3)],
  ["a program without a note", header(2, 2)],
];

for (const [what, image] of FORMS)
  test(`${what} gets no client, and stays as it is`, () => {
    const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "attach-"));
    try {
      const file = path.join(scratch, "program");
      fs.writeFileSync(file, image);
      assert.throws(() => attachClient(file, { commands: ["add"], taking: [] }, scratch), /a client/);
      assert.ok(fs.readFileSync(file).equals(image));
    } finally {
      fs.rmSync(scratch, { recursive: true });
    }
  });

/** The beginning of a program, with one line in its table, about what is loaded. */
function header(bits: 1 | 2, type: number): Buffer {
  const image = Buffer.alloc(64 + 56);
  Buffer.from([0x7f, 0x45, 0x4c, 0x46, bits, 1, 1]).copy(image);
  image.writeUInt16LE(type, 16);
  image.writeBigUInt64LE(64n, 32);
  image.writeUInt16LE(56, 54);
  image.writeUInt16LE(1, 56);
  image.writeUInt32LE(1, 64);
  return image;
}

test.run();

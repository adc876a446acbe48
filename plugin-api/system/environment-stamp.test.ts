import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Sha256 } from "../model/digest.ts";
import { readEnvironmentStamp, STAMP_FILE, writeEnvironmentStamp } from "./environment-stamp.ts";

const root = fs.mkdtempSync(path.join(os.tmpdir(), "stamp-"));
test.after(() => fs.rmSync(root, { recursive: true }));

const facts = (wheels: Readonly<Record<string, string>>) => ({
  pybun: "1.0",
  interpreter: { path: "/usr/bin/python3", version: "3.12.1", identity: "id" },
  generation: 1,
  wheels: wheels as Readonly<Record<string, Sha256>>,
});
const place = { root, sitePackages: root, temporary: root };

for (const [what, wheels] of [
  ["as most are", { "a-1.dist-info": "0123456789abcdef".repeat(4), "b_c-1!2+d.dist-info": "f".repeat(64) }],
  ["with names or digests of another kind", { "a-1.egg": "0".repeat(64), "b-1.dist-info": "aa" }],
  ["of an empty environment", {}],
] as const)
  test(`what is written is read again: ${what}`, () => {
    writeEnvironmentStamp(place, facts(wheels));
    const { format, siteMtimeMs: _, ...read } = readEnvironmentStamp(root) ?? {};
    assert.equal([format, read], [1, facts(wheels)]);
  });

test("so is what older versions wrote; nothing else", () => {
  const wheels = { "a-1.dist-info": "0".repeat(64) };
  const write = (stamp: unknown): void =>
    fs.writeFileSync(path.join(root, STAMP_FILE), JSON.stringify(stamp, undefined, 1));
  write({ ...facts(wheels), format: 1 });
  assert.equal(readEnvironmentStamp(root)?.wheels, wheels);
  for (const stamp of [{ ...facts(wheels), format: 3 }, { format: 2 }, { format: 1, wheels: null }, null, "text"]) {
    write(stamp);
    assert.is(readEnvironmentStamp(root), undefined);
  }
});

test.run();

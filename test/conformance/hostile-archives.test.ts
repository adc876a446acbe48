import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { hostileTar, tarPiece } from "../harness/hostile-tar.ts";
import { hostileWheel } from "../harness/hostile-zip.ts";
import { checkHostileArchives } from "./hostile-archives.ts";

const good = { wheel: hostileWheel(), sdist: hostileTar([]) };
const bad = { wheel: hostileWheel({ rows: "../x,,\n" }), sdist: hostileTar([tarPiece({ name: "../x" })]) };
const files = { wheel: "case-1.0-py3-none-any.whl", sdist: "case-1.0.tar.gz" };

test("passes what is refused or accepted as it should be, and reports the rest", async () => {
  for (const kind of ["wheel", "sdist"] as const) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "manifest-"));
    try {
      const row = { kind, file: files[kind], must_not: "pass" };
      const check = async (bytes: Buffer, more: Readonly<Record<string, unknown>>) => {
        fs.writeFileSync(path.join(folder, row.file), bytes);
        fs.writeFileSync(path.join(folder, "manifest.json"), JSON.stringify([{ ...row, name: "one", ...more }]));
        return checkHostileArchives(folder);
      };
      assert.equal(await check(bad[kind], { expected: "reject" }), { passed: 1, failures: [] });
      assert.equal(await check(good[kind], { expected: "safe", control: true }), { passed: 1, failures: [] });
      assert.equal(await check(good[kind], { expected: "reject" }), {
        passed: 0,
        failures: ["one: was accepted; it must not pass"],
      });
      assert.match((await check(bad[kind], { expected: "safe", control: true })).failures[0] ?? "", /is right/);
      const target = { expected: "safe", must_not_exist: ["."] };
      assert.match((await check(good[kind], target)).failures[0] ?? "", /made \./);
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  }
});

test.run();

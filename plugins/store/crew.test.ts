import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { PybunError } from "../../plugin-api/error.ts";
import { Crew } from "./crew.ts";
import { openScene } from "./scene.fixture.ts";

for (const threads of [0, 2]) {
  test(`${threads} threads take in and refuse the same`, async () => {
    const scene = openScene();
    const crew = new Crew(threads);
    try {
      fs.mkdirSync(scene.dataDir);
      const job = (name: string, wheel: { readonly path: string; readonly filename: string }) => ({
        path: wheel.path,
        filename: wheel.filename,
        dataDir: scene.dataDir,
        staging: path.join(scene.dataDir, name),
      });
      const good = job("good", scene.wheel());
      const bad = job("bad", scene.wheel({ rows: "ghost.py,,\n" }));
      const absent = job("absent", { path: path.join(scene.folder, "absent.whl"), filename: "absent.whl" });
      const outcomes = await Promise.allSettled(
        [good, bad, absent, { ...good, staging: path.join(scene.dataDir, "again") }].map((one) =>
          crew.run({ kind: "unpack", job: one }),
        ),
      );
      const [first, refused, missing, again] = outcomes;
      assert.is(first?.status, "fulfilled");
      assert.equal(again, first);
      assert.ok(refused?.status === "rejected" && refused.reason instanceof PybunError);
      assert.is(refused.reason.code, "E_ARCHIVE_UNSAFE");
      assert.ok(missing?.status === "rejected");
      assert.is((missing.reason as NodeJS.ErrnoException).code, "ENOENT");
      assert.is((missing.reason as NodeJS.ErrnoException).path, absent.path);
      assert.ok(fs.existsSync(path.join(good.staging, "tree/case/__init__.py")));
    } finally {
      crew.dispose();
      scene.remove();
    }
  });
}

test.run();

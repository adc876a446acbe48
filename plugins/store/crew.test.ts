import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { PybunError } from "../../plugin-api/error.ts";
import { stay } from "../../plugin-api/system/afterwards.ts";
import { Crew, waitingThreads } from "./crew.ts";
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

test("threads wait for the next command where there may be one, unless they are at work", async () => {
  const scene = openScene();
  try {
    fs.mkdirSync(scene.dataDir);
    const unpackIn = async (name: string, crew: Crew) => {
      const { path: file, filename } = scene.wheel();
      const staging = path.join(scene.dataDir, name);
      const { id } = await crew.run({ kind: "unpack", job: { path: file, filename, dataDir: scene.dataDir, staging } });
      return id;
    };
    const alone = new Crew(1);
    const id = await unpackIn("alone", alone);
    alone.dispose();
    assert.is(waitingThreads(), 0);
    assert.not(new Crew(1).isThere);
    stay();
    for (const name of ["first", "second"]) {
      const crew = new Crew(1);
      const unpacked = unpackIn(name, crew);
      assert.is(waitingThreads(), 0);
      assert.is(await unpacked, id);
      crew.dispose();
      assert.is(waitingThreads(), 1);
      assert.ok(new Crew(1).isThere);
    }
    const cutOff = new Crew(1);
    unpackIn("cut off", cutOff).catch(() => undefined);
    cutOff.dispose();
    assert.is(waitingThreads(), 0);
  } finally {
    scene.remove();
  }
});

test.run();

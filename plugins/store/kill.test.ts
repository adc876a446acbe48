import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { StoreEntry } from "../../plugin-api/model/environment.ts";
import { removeTree } from "../../plugin-api/system/remove-tree.ts";
import { killEverywhere } from "../../test/harness/killed-run.ts";
import { filesIn, openScene } from "./scene.fixture.ts";

const contents = (entry: StoreEntry): string[] =>
  filesIn(path.join(entry.path, "tree")).map(
    (name) => `${name} ${crypto.hash("sha256", fs.readFileSync(path.join(entry.path, "tree", name)))}`,
  );

test("killed anywhere, an entry is not there or whole, and the next ingest makes it whole", async () => {
  const scene = openScene();
  try {
    const wheel = scene.wheel({
      extra: [
        { name: "case/a/b.py", data: "b = 1\n" },
        { name: "case/c.py", data: "b = 1\n" },
      ],
    });
    const whole = contents(await (await scene.open()).ingest(wheel));
    const module = (file: string) => JSON.stringify(path.join(import.meta.dirname, file));
    const script = {
      folder: scene.folder,
      text: `import { Host } from ${module("../../plugin-api/services.ts")};
        import open from ${module("store.ts")};
        const session = { use: async () => ({ dataDir: ${JSON.stringify(scene.dataDir)} }), emit() {} };
        const store = await open(session);
        killBeforeChange(Number(process.argv[2]));
        await store.ingest(${JSON.stringify(wheel)});
        store[Symbol.dispose]();`,
    };
    const kills = await killEverywhere(script, {
      before: () => removeTree(scene.dataDir),
      after: async (n) => {
        const store = await scene.open();
        const found = store.find(wheel.sha256);
        if (found !== undefined) assert.equal(contents(found), whole, `what was found after kill ${n}`);
        assert.equal(contents(await store.ingest(wheel)), whole, `after kill ${n} and another try`);
        store[Symbol.dispose]();
      },
    });
    assert.ok(kills > 20, `${kills} kills`);
  } finally {
    scene.remove();
  }
});

test.run();

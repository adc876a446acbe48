import { test } from "uvu";
import * as assert from "uvu/assert";
import { Store } from "../../plugin-api/services.ts";
import type { ArtifactQuery } from "../../plugin-api/stages.ts";
import { sessionWith } from "../../test/harness/plugin-session.ts";
import findArtifact from "./artifact.ts";
import { openScene } from "./scene.fixture.ts";

test("answers for wheels that are here, and declines for all else", async () => {
  const scene = openScene();
  try {
    const store = await scene.open();
    const [here, elsewhere] = [scene.wheel(), scene.wheel({ extra: [{ name: "m.py", data: "" }] })];
    const entry = await store.ingest(here);
    const session = sessionWith([[Store, store]]);
    const ask = (file: object) => findArtifact({ pin: { file } } as unknown as ArtifactQuery, session);
    const found = await ask({ kind: "wheel", sha256: here.sha256 });
    assert.equal(found?.entry, entry);
    assert.is(await ask({ kind: "wheel", sha256: elsewhere.sha256 }), undefined);
    assert.is(await ask({ kind: "wheel" }), undefined);
    assert.is(await ask({ kind: "sdist", sha256: here.sha256 }), undefined);
    assert.equal(session.emitted, [
      { type: "CacheHit", cache: "store", key: here.sha256 },
      { type: "CacheMiss", cache: "store", key: elsewhere.sha256 },
    ]);
  } finally {
    scene.remove();
  }
});

test.run();

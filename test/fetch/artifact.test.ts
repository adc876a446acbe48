import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { DistributionFile, VersionPage } from "../../plugin-api/model/distribution.ts";
import type { Artifact } from "../../plugin-api/model/environment.ts";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import type { Pin } from "../../plugin-api/model/resolution.ts";
import { definePlugin } from "../../plugin-api/plugin.ts";
import { Store } from "../../plugin-api/services.ts";
import http from "../../plugins/http/index.ts";
import pypi from "../../plugins/pypi/index.ts";
import store from "../../plugins/store/index.ts";
import { filesOf } from "../harness/index-page.ts";
import { type IndexData, type IndexServer, startIndex } from "../harness/index-server.ts";
import { createRunPlace, failureOf, type Run, type RunChoice, type RunPlace } from "../harness/index-session.ts";

const test = suite("fetch.artifact");

/** Builds a wheel that is there already; what was built is told. */
const builds: string[] = [];
const builder = definePlugin({
  name: "test-builder",
  version: "1",
  apiVersion: 1,
  summary: "builds wheels",
  maturity: "preview",
  stages: {
    build: {
      perform: {
        load: async () => ({
          default: async ({ name, version, path: archive, want }) => {
            builds.push(`${want} ${path.basename(archive)}`);
            const [wheel] = filesOf({ name, version }) as [ReturnType<typeof filesOf>[number]];
            const file = path.join(path.dirname(archive), wheel.filename);
            fs.writeFileSync(file, wheel.bytes);
            return { path: file };
          },
        }),
      },
    },
  },
});

interface Scene {
  readonly index: IndexServer;
  readonly place: RunPlace;
  readonly run: (choice?: RunChoice) => Run;
}
const onIndex = (data: IndexData, body: (scene: Scene) => Promise<void>) => async (): Promise<void> => {
  const index = await startIndex(data);
  const place = createRunPlace();
  const run = (choice: RunChoice = {}): Run =>
    place.run([http, store, pypi, builder], { ...choice, settings: { indexUrl: index.url, ...choice.settings } });
  try {
    await body({ index, place, run });
    assert.equal(leftBehind(place.dir), []);
  } finally {
    await index.stop();
    place.remove();
  }
};
/** Files that a run may leave: those of caches and store, not of anything unfinished. */
const leftBehind = (dir: string): string[] =>
  fs
    .readdirSync(dir, { recursive: true })
    .map(String)
    .filter((file) => /\.tmp$|^tmp\/.*\.whl$/.test(file));

const bring = async (run: Run, name: string, change: Partial<DistributionFile> = {}): Promise<Artifact> => {
  const [page] = (await run.pages(name)) as [VersionPage];
  const file = { ...page.file(0), ...change };
  return run.session.run("fetch.artifact", { pin: pinOf(name, file), interpreter: {} as Interpreter });
};
const pinOf = (name: string, file: DistributionFile): Pin => ({
  name: name as never,
  version: "1.0",
  source: { kind: "index", index: "pypi" },
  file,
  extras: [],
  dependencies: [],
  isDirect: true,
});
const downloads = (run: Run): string[] =>
  run.events.map(({ type }) => type).filter((type) => type.startsWith("Download"));

test(
  "a wheel is downloaded once, and is in the store from then on",
  onIndex({ packages: [{ name: "a", version: "1.0" }] }, async ({ index, run }) => {
    const first = run();
    const { entry } = await bring(first, "a");
    assert.ok(fs.existsSync(path.join(entry.path, "tree", "a", "__init__.py")));
    assert.equal(downloads(first), ["DownloadStart", "DownloadComplete"]);
    first.end();
    const second = run({ isOffline: true });
    assert.is((await bring(second, "a")).entry.id, entry.id);
    assert.equal(downloads(second), []);
    second.end();
    assert.is(index.count("file"), 1);
  }),
);

test(
  "another content than announced is refused, in the release's words, and nothing of it stays",
  onIndex(
    { packages: [{ name: "a", version: "1.0" }], faults: [{ url: "*.whl", corrupt: true }] },
    async ({ place, run }) => {
      const own = run();
      const error = await failureOf(bring(own, "a"));
      assert.equal([error.code, error.message], ["E_HASH_MISMATCH", "`a 1.0` is not the file that was announced"]);
      const lines = error.detail.evidence?.map((line) => line.split(/\s+/)[0]);
      assert.equal(lines, ["file", "expected", "got", "the"]);
      own.end();
      assert.not(fs.existsSync(path.join(place.dir, "packages")));
    },
  ),
);

for (const [fault, code] of [
  [{ truncate: 100 }, "E_NETWORK"],
  [{ status: 404 }, "E_NETWORK"],
  [{ status: 403 }, "E_AUTH"],
  [{ login: true }, "E_HASH_MISMATCH"],
  [{ redirect: "http://169.254.7.7/x.whl" }, "E_NETWORK"],
] as const) {
  test(
    `a download that ends with ${JSON.stringify(fault)}`,
    onIndex({ packages: [{ name: "a", version: "1.0" }], faults: [{ url: "*.whl", ...fault }] }, async ({ run }) => {
      const own = run();
      assert.is((await failureOf(bring(own, "a"))).code, code);
      own.end();
    }),
  );
}

test(
  "a file larger than the index says is not read to its end",
  onIndex({ packages: [{ name: "a", version: "1.0" }] }, async ({ run }) => {
    const own = run();
    assert.is((await failureOf(bring(own, "a", { sizeBytes: 10 }))).code, "E_LIMIT");
    own.end();
  }),
);

test(
  "one download for all who want the same at once; a failed one is not kept as done",
  onIndex(
    { packages: [{ name: "a", version: "1.0" }], faults: [{ url: "*.whl", status: 500, times: 3 }] },
    async ({ index, run }) => {
      const own = run();
      const failed = await Promise.all([failureOf(bring(own, "a")), failureOf(bring(own, "a"))]);
      assert.equal(
        failed.map(({ code }) => code),
        ["E_NETWORK", "E_NETWORK"],
      );
      assert.is(index.count("file"), 3);
      const artifacts = await Promise.all([bring(own, "a"), bring(own, "a"), bring(own, "a")]);
      assert.is(new Set(artifacts.map(({ entry }) => entry.id)).size, 1);
      assert.is(index.count("file"), 4);
      own.end();
    },
  ),
);

test(
  "a wheel fetched whole for its metadata is not fetched again, nor kept twice",
  onIndex(
    { packages: [{ name: "a", version: "1.0", metadata: "none" }], ranges: false },
    async ({ index, place, run }) => {
      const own = run();
      const [page] = (await own.pages("a")) as [VersionPage];
      await own.metadata("a", page.file(0));
      const before = index.count("file");
      await bring(own, "a");
      own.end();
      assert.is(index.count("file"), before);
      const kept = fs.readdirSync(path.join(place.dir, "artifacts"), { recursive: true }).map(String);
      assert.not.ok(kept.some((file) => file.endsWith(".whl")));
    },
  ),
);

test(
  "offline, what is not in the store is named",
  onIndex({ packages: ["a", "bb"].map((name) => ({ name, version: "1.0" })) }, async ({ place, run }) => {
    const first = run();
    await Promise.all([first.pages("a"), first.pages("bb")]);
    first.end();
    place.nowMs += 3.5 * 86_400_000;
    const own = run({ isOffline: true });
    const errors = await Promise.all([failureOf(bring(own, "a")), failureOf(bring(own, "bb"))]);
    for (const error of errors) {
      assert.equal([error.code, error.message], ["E_OFFLINE_MISS", "2 items are not in the cache and --offline is on"]);
      assert.match(error.detail.evidence?.[0] ?? "", /^a {3}1\.0 wheel, \d+B {2}index page seen 3 days ago$/);
      assert.match(error.detail.evidence?.[1] ?? "", /^bb {2}1\.0 wheel, \d+B {2}index page seen 3 days ago$/);
    }
    own.end();
  }),
);

test(
  "wheels of a folder are taken in place",
  onIndex({}, async ({ place, run }) => {
    const [made] = filesOf({ name: "a", version: "1.0" }) as [ReturnType<typeof filesOf>[number]];
    const file = path.join(place.dir, made.filename);
    fs.writeFileSync(file, made.bytes);
    const own = run();
    const local = { filename: made.filename, kind: "wheel", url: pathToFileURL(file).href } as const;
    const pin = pinOf("a", { ...local, isYanked: false, hasMetadataFile: false });
    const { entry } = await own.session.run("fetch.artifact", { pin, interpreter: {} as Interpreter });
    assert.is(entry.filename, made.filename);
    assert.ok(fs.existsSync(file));
    own.end();
  }),
);

test(
  "a source archive is built on the way, downloaded once",
  onIndex({ packages: [{ name: "a", version: "1.0", tags: [], sdist: true }] }, async ({ index, run }) => {
    builds.length = 0;
    const first = run();
    const { entry } = await bring(first, "a");
    first.end();
    const second = run();
    assert.is((await bring(second, "a")).entry.id, entry.id);
    assert.ok((await second.session.use(Store)).find(entry.wheelSha256));
    second.end();
    assert.equal(builds, ["wheel a-1.0.tar.gz", "wheel a-1.0.tar.gz"]);
    assert.is(index.count("file"), 1);
  }),
);

test.run();

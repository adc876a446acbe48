import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { buildChain, withinBuild } from "../../plugin-api/build-chain.ts";
import { PybunError } from "../../plugin-api/error.ts";
import type { DistributionFile, VersionPage } from "../../plugin-api/model/distribution.ts";
import { definePlugin, provide } from "../../plugin-api/plugin.ts";
import { Interpreters } from "../../plugin-api/services.ts";
import http from "../../plugins/http/index.ts";
import pypi from "../../plugins/pypi/index.ts";
import { filesOf } from "../harness/index-page.ts";
import { type IndexData, type IndexServer, startIndex } from "../harness/index-server.ts";
import { createRunPlace, failureOf, type Run, type RunChoice, type RunPlace } from "../harness/index-session.ts";
import type { Release } from "../harness/release.ts";

const test = suite("fetch.metadata");

/** A builder that prepares metadata of its own, and counts. */
const builds: string[] = [];
const builder = definePlugin({
  name: "test-builder",
  version: "1",
  apiVersion: 1,
  summary: "prepares metadata",
  maturity: "preview",
  services: [provide(Interpreters, async () => ({ default: () => ({ find: async () => ({}) }) as never }))],
  stages: {
    build: {
      perform: {
        load: async () => ({
          default: async ({ name, version, path: archive, want }) => {
            builds.push(`${want} ${path.basename(archive)}`);
            const info = path.join(path.dirname(archive), `${name}.dist-info`);
            fs.mkdirSync(info, { recursive: true });
            fs.writeFileSync(
              path.join(info, "METADATA"),
              `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\nRequires-Dist: built\n`,
            );
            return { path: info };
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
  /** What the base of the newest file requires, by a new run. */
  readonly requires: (name: string, choice?: RunChoice) => Promise<string[]>;
  /** Requests since the last call, pages left out. */
  readonly asked: () => string[];
}
const onIndex = (data: IndexData, body: (scene: Scene) => Promise<void>) => async (): Promise<void> => {
  const index = await startIndex(data);
  const place = createRunPlace();
  const run = ({ settings, ...choice }: RunChoice = {}): Run =>
    place.run([http, pypi, builder], { ...choice, settings: { indexUrl: index.url, ...settings } });
  const requires = async (name: string, choice?: RunChoice): Promise<string[]> => {
    const own = run(choice);
    const [page] = (await own.pages(name)) as [VersionPage];
    const { dependencies } = await own.metadata(name, page.file(page.fileCount - 1));
    own.end();
    return dependencies.requirements("").map((requirement) => requirement.name);
  };
  const asked = (): string[] => {
    const kinds = index.requests
      .filter(({ kind }) => kind !== "page")
      .map(({ kind, path }) => `${kind} ${path.replace(/.*\//, "")}`);
    index.forget();
    return kinds;
  };
  try {
    await body({ index, place, run, requires, asked });
  } finally {
    await index.stop();
    place.remove();
  }
};
const A: Release = {
  name: "a",
  version: "1.0",
  requires: ["b>=1", "c; extra == 'x'"],
  "requires-python": ">=3.8",
  extras: { x: ["d"] },
};
const WHEEL = "a-1.0-py3-none-any.whl";
const large = {
  "a/data.bin": Array.from({ length: 90_000 }, (_, i) => String.fromCharCode(33 + ((i * i * 7 + i) % 90))).join(""),
};

test(
  "an announced metadata file is fetched once for all runs",
  onIndex({ packages: [A] }, async ({ run, asked, requires }) => {
    const first = run();
    const [page] = (await first.pages("a")) as [VersionPage];
    const file = page.file(0);
    const [one, two] = await Promise.all([first.metadata("a", file), first.metadata("a", file)]);
    for (const metadata of [one, two]) {
      assert.is(metadata.requiresPython, ">=3.8");
      assert.equal([...metadata.dependencies.extras], ["x"]);
      assert.equal(
        metadata.dependencies.requirements("x" as never).map(({ name }) => name),
        ["c", "d"],
      );
    }
    first.end();
    assert.equal(await requires("a"), ["b"]);
    assert.equal(await requires("a", { isOffline: true }), ["b"]);
    assert.equal(asked(), [`metadata ${WHEEL}.metadata`]);
  }),
);

test(
  "one that is announced and not there: METADATA by a range",
  onIndex({ packages: [{ ...A, metadata: "missing", files: large }] }, async ({ requires, asked }) => {
    assert.equal(await requires("a"), ["b"]);
    assert.equal(asked(), [`metadata ${WHEEL}.metadata`, `range ${WHEEL}`]);
    assert.equal(await requires("a"), ["b"]);
    assert.equal(asked(), []);
  }),
);

test(
  "one that is not announced but there is found, and the server remembered for it",
  onIndex(
    {
      packages: [
        { ...A, metadata: "hidden" },
        { ...A, name: "b", metadata: "hidden" },
      ],
    },
    async ({ requires, asked }) => {
      assert.equal(await requires("a"), ["b"]);
      assert.equal(await requires("b"), ["b"]);
      assert.equal(asked(), [`metadata ${WHEEL}.metadata`, "metadata b-1.0-py3-none-any.whl.metadata"]);
    },
  ),
);

test(
  "a server that never has them is not asked for ever",
  onIndex(
    { packages: ["a", "b", "c", "d", "e"].map((name) => ({ ...A, name, metadata: "none" })) },
    async ({ requires, asked }) => {
      for (const name of ["a", "b", "c", "d", "e"]) assert.equal(await requires(name), ["b"]);
      const kinds = asked().map((each) => each.split(" ")[0]);
      assert.is(kinds.filter((kind) => kind === "metadata").length, 2);
      assert.is(kinds.filter((kind) => kind === "range").length, 5);
    },
  ),
);

test(
  "without ranges the whole wheel is fetched and kept, and the server not asked for ranges again",
  onIndex(
    { packages: [A, { ...A, name: "b" }].map((each) => ({ ...each, metadata: "none", files: large })), ranges: false },
    async ({ requires, asked, place }) => {
      assert.equal(await requires("a"), ["b"]);
      assert.equal(
        asked().filter((each) => each.startsWith("file")),
        [`file ${WHEEL}`, `file ${WHEEL}`],
      );
      assert.equal(await requires("b"), ["b"]);
      assert.is(asked().filter((each) => each.startsWith("file")).length, 1);
      const kept = fs.readdirSync(path.join(place.dir, "artifacts"), { recursive: true }).map(String);
      assert.ok(kept.some((file) => file.endsWith(WHEEL)));
    },
  ),
);

test(
  "a directory beyond the last bytes takes a second range",
  onIndex(
    {
      packages: [
        {
          ...A,
          metadata: "none",
          files: Object.fromEntries(
            Array.from({ length: 900 }, (_, i) => [`a/module_with_a_long_name_${i}.py`, `x = ${i}\n`]),
          ),
        },
      ],
    },
    async ({ requires, asked, index }) => {
      assert.equal(await requires("a"), ["b"]);
      const ranges = index.requests.filter(({ kind }) => kind === "range").map(({ headers }) => headers["range"]);
      assert.is(ranges[0], "bytes=-16384");
      assert.ok(ranges.length >= 2, String(ranges));
      assert.not.ok(asked().some((each) => each.startsWith("file")));
    },
  ),
);

test(
  "another content than announced is refused",
  onIndex({ packages: [A], faults: [{ url: "*.metadata", corrupt: true }] }, async ({ run, requires }) => {
    const error = await failureOf(requires("a"));
    assert.is(error.code, "E_HASH_MISMATCH");
    assert.is((await failureOf(run({ isOffline: true }).metadata("a", file(WHEEL)))).code, "E_OFFLINE_MISS");
  }),
);

const file = (filename: string, more: Partial<DistributionFile> = {}): DistributionFile => ({
  filename,
  kind: filename.endsWith(".whl") ? "wheel" : "sdist",
  url: `https://files.example/${filename}`,
  isYanked: false,
  hasMetadataFile: false,
  ...more,
});

test(
  "a page that says it is not found, with status 200, is no metadata",
  onIndex(
    { packages: [{ ...A, metadata: "none" }], faults: [{ url: "*.metadata", login: true }] },
    async ({ requires, asked }) => {
      assert.equal(await requires("a"), ["b"]);
      assert.ok(asked().some((each) => each.startsWith("range")));
    },
  ),
);

test(
  "metadata of another package or version is refused",
  onIndex({ packages: [A] }, async ({ run }) => {
    const own = run();
    const [page] = (await own.pages("a")) as [VersionPage];
    for (const [name, version] of [
      ["b", "1.0"],
      ["a", "1.1"],
    ] as const) {
      const query = {
        name: name as never,
        version,
        file: page.file(0),
        source: { kind: "index", index: "pypi" },
      } as const;
      const error = await failureOf(own.session.run("fetch.metadata", query));
      assert.is(error.code, "E_METADATA");
      assert.match(error.message, "it is that of `a 1.0`");
    }
  }),
);

test(
  "wheels in a folder are read in place",
  onIndex({}, async ({ run, place }) => {
    const [made] = filesOf(A) as [ReturnType<typeof filesOf>[number]];
    fs.writeFileSync(path.join(place.dir, WHEEL), made.bytes);
    const local = file(WHEEL, { url: pathToFileURL(path.join(place.dir, WHEEL)).href });
    const { dependencies } = await run({ isOffline: true }).metadata("a", local, "links");
    assert.equal(
      dependencies.requirements("").map(({ name }) => name),
      ["b"],
    );
  }),
);

test(
  "a source archive says by itself what it requires, or is prepared by its backend",
  onIndex(
    {
      packages: [
        { ...A, tags: [], sdist: true },
        { ...A, name: "dyn", tags: [], sdist: true, dynamic: ["Requires-Dist"] },
        {
          ...A,
          name: "project",
          tags: [],
          sdist: true,
          dynamic: ["Requires-Dist"],
          pyproject: '[project]\nname = "project"\nversion = "1.0"\ndependencies = ["static"]\n',
        },
      ],
    },
    async ({ requires, asked }) => {
      builds.length = 0;
      assert.equal(await requires("a"), ["b"]);
      assert.equal(builds, []);
      assert.equal(await requires("a"), ["b"]);
      assert.equal(asked(), ["file a-1.0.tar.gz"]);
      assert.equal(await requires("project"), ["static"]);
      assert.equal(builds, []);
      assert.equal(await requires("dyn"), ["built"]);
      assert.equal(builds, ["metadata dyn-1.0.tar.gz"]);
    },
  ),
);

test(
  "a build that needs the metadata of what is being built does not wait for itself",
  onIndex(
    { packages: [{ ...A, tags: [], sdist: true, dynamic: ["Requires-Dist"] }] },
    async ({ place, index, asked }) => {
      const circular = definePlugin({
        ...builder,
        stages: {
          build: {
            perform: {
              order: "pre",
              load: async () => ({
                default: async ({ name }, session) => {
                  const [page] = await session.run("fetch.versions", { name });
                  const file = (page as VersionPage).file(0);
                  const query = { name, version: "1.0", file, source: { kind: "index", index: "pypi" } } as const;
                  if (buildChain().length > 0) throw new PybunError("E_CIRCLE", buildChain().join());
                  return withinBuild(name, () => session.run("fetch.metadata", query)) as never;
                },
              }),
            },
          },
        },
      });
      const own = place.run([http, pypi, circular], { settings: { indexUrl: index.url } });
      const [page] = (await own.pages("a")) as [VersionPage];
      const errors = await Promise.all([1, 2].map(() => failureOf(own.metadata("a", page.file(0)))));
      assert.equal(
        errors.map(({ code, message }) => `${code} ${message}`),
        ["E_CIRCLE a", "E_CIRCLE a"],
      );
      own.end();
      assert.equal(asked(), ["file a-1.0.tar.gz"]);
    },
  ),
);

test.run();

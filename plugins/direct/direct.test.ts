import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { withinBuild } from "../../plugin-api/build-chain.ts";
import { PybunError } from "../../plugin-api/error.ts";
import type { DistributionFile, Source } from "../../plugin-api/model/distribution.ts";
import type { PackageName, Requirement } from "../../plugin-api/model/requirement.ts";
import type { Pin } from "../../plugin-api/model/resolution.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import type { Session } from "../../plugin-api/session.ts";
import type { BuildInput } from "../../plugin-api/stages.ts";
import { makeSdist } from "../../test/harness/sdist.ts";
import { makeWheel } from "../../test/harness/wheel.ts";
import makeArtifact from "./artifact.ts";
import readMetadata from "./metadata.ts";
import { DEMO, PYTHON, type Scene, scene, sha256 } from "./scene.fixture.ts";
import findDirect from "./versions.ts";

async function resolve(session: Session, name: string, url: string) {
  const requirement = { name: normalizeName(name), extras: [], specifier: "", marker: "", url } as Requirement;
  const pages = await findDirect({ name: requirement.name, requirement, interpreter: PYTHON }, session);
  const [page] = pages!;
  const [file, source] = [page!.file(0), page!.source!];
  const query = { name: requirement.name, version: page!.version(0), file, source, interpreter: PYTHON };
  const metadata = await readMetadata(query, session);
  return { page: page!, file, source, metadata: metadata!, pin: pinOf(query) };
}
const pinOf = (known: { name: string; version: string; file: DistributionFile; source: Source }): Pin =>
  ({ ...known, extras: [], dependencies: [], isDirect: true }) as unknown as Pin;
const install = (session: Session, pin: Pin) => makeArtifact({ pin, interpreter: PYTHON }, session);

const failure = async (work: Promise<unknown>): Promise<PybunError> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof PybunError)) throw new Error(`no failure of ours: ${String(error)}`);
  return error;
};

const wheel = makeWheel(DEMO);
const HOST = "https://files.example/";

test(
  "a local wheel is one candidate with its hash, and is taken into the store from where it lies",
  scene(async (made) => {
    const file = made.write(wheel.filename, wheel.bytes);
    const session = made.session();
    const found = await resolve(session, "demo", pathToFileURL(file).href);
    assert.is(found.page.count, 1);
    assert.equal(found.source, { kind: "path", path: file });
    assert.equal(found.file, {
      filename: wheel.filename,
      kind: "wheel",
      url: pathToFileURL(file).href,
      isYanked: false,
      hasMetadataFile: false,
      sha256: sha256(wheel.bytes),
      sizeBytes: wheel.bytes.length,
      requiresPython: ">=3.9",
    });
    assert.equal([found.page.version(0), found.page.tags, found.page.pythons], ["1.0", ["py3-none-any"], [">=3.9"]]);
    assert.equal(
      found.metadata.dependencies.requirements("").map(({ name, specifier }) => name + specifier),
      ["needed>=1"],
    );
    assert.equal(made.ingested, [], "resolving touches nothing");
    assert.is((await install(session, found.pin))?.entry.filename, wheel.filename);
    await install(session, found.pin);
    assert.equal(made.ingested, [wheel.filename], "what is in the store is not unpacked again");
    fs.appendFileSync(file, "x");
    assert.is((await failure(install(session, found.pin))).code, "E_HASH_MISMATCH");
  }),
);

test(
  "a wheel at a URL is fetched once and without credentials in its pin, and found again by its hash",
  scene(async (made) => {
    made.web.set(`${HOST}${wheel.filename}`, wheel.bytes);
    const session = made.session();
    const found = await resolve(session, "demo", `https://me:pw@files.example/${wheel.filename}`);
    assert.equal(found.source, { kind: "url", url: `${HOST}${wheel.filename}` });
    assert.is(found.file.sha256, sha256(wheel.bytes));
    await install(session, found.pin);
    const hashed = `${HOST}${wheel.filename}#sha256=${sha256(wheel.bytes)}`;
    await resolve(made.session(), "demo", hashed);
    assert.equal(made.downloads, [`${HOST}${wheel.filename}`]);
    const wrong = `${HOST}${wheel.filename}#sha256=${"0".repeat(64)}`;
    assert.is((await failure(resolve(made.session(), "demo", wrong))).code, "E_HASH_MISMATCH");
    const weak = `${HOST}${wheel.filename}#md5=${"0".repeat(32)}`;
    assert.is((await failure(resolve(made.session(), "demo", weak))).code, "E_HASH_MISMATCH");
  }),
);

test(
  "a URL without a hash is believed for ten minutes, longer without a network, not at all when refreshed",
  scene(async (made) => {
    const url = `${HOST}${wheel.filename}`;
    made.web.set(url, wheel.bytes);
    await resolve(made.session(), "demo", url);
    made.nowMs += 9 * 60_000;
    await resolve(made.session(), "demo", url);
    assert.is(made.downloads.length, 1);
    made.nowMs += 2 * 60_000;
    made.isOffline = true;
    await resolve(made.session(), "demo", url);
    made.isOffline = false;
    await resolve(made.session(), "demo", url);
    assert.is(made.downloads.length, 2);
    made.isRefreshed = true;
    await resolve(made.session(), "demo", url);
    assert.is(made.downloads.length, 3);
    made.isOffline = true;
    const unknown = await failure(resolve(made.session(), "demo", `${HOST}x/${wheel.filename}`));
    assert.is(unknown.code, "E_OFFLINE_MISS");
  }),
);

test(
  "a pin of a lock is fetched by its hash alone",
  scene(async (made) => {
    const url = `${HOST}${wheel.filename}`;
    made.web.set(url, wheel.bytes);
    const file = { filename: wheel.filename, kind: "wheel", url, isYanked: false, hasMetadataFile: false } as const;
    const known = { name: "demo", version: "1.0", source: { kind: "url", url } as const };
    const right = { ...file, sha256: sha256(wheel.bytes) as never };
    assert.is((await install(made.session(), pinOf({ ...known, file: right })))?.entry.filename, wheel.filename);
    const wrong = { ...file, sha256: "0".repeat(64) as never };
    assert.is((await failure(install(made.session(), pinOf({ ...known, file: wrong })))).code, "E_HASH_MISMATCH");
  }),
);

test(
  "a source archive that states its metadata is built only to be installed",
  scene(async (made) => {
    const sdist = makeSdist(DEMO);
    const file = made.write(sdist.filename, sdist.bytes);
    const session = made.session();
    const found = await resolve(session, "demo", pathToFileURL(file).href);
    assert.equal([found.file.kind, found.page.tagIndex(0), found.page.version(0)], ["sdist", -1, "1.0"]);
    assert.equal(made.builds, []);
    await install(session, found.pin);
    assert.equal(made.builds, [{ name: "demo", version: "1.0", path: file, interpreter: PYTHON, want: "wheel" }]);
    assert.equal(made.ingested, [wheel.filename]);
  }),
);

test(
  "one that does not is asked once, with the interpreter of the resolution",
  scene(async (made) => {
    const sdist = makeSdist({ ...DEMO, dynamic: ["requires-dist"] });
    made.web.set(`${HOST}archive/main.zip`, sdist.bytes);
    made.web.set(`${HOST}${sdist.filename}`, sdist.bytes);
    const session = made.session();
    const found = await resolve(session, "demo", `${HOST}${sdist.filename}#subdirectory=py`);
    assert.equal(found.source, { kind: "url", url: `${HOST}${sdist.filename}`, subdirectory: "py" });
    assert.is(made.builds.length, 1);
    const [{ want, subdirectory, path: archive, version }] = made.builds as [BuildInput];
    assert.equal([want, subdirectory, version, path.basename(archive)], ["metadata", "py", "1.0", sdist.filename]);
    assert.is(found.metadata.dependencies.requirements("").length, 1);
    await install(session, found.pin);
    assert.equal(
      made.builds.map((build) => [build.want, build.subdirectory]),
      [
        ["metadata", "py"],
        ["wheel", "py"],
      ],
    );
    assert.is(made.downloads.length, 1);
  }),
);

test(
  "a folder is read by its pyproject.toml, or by its backend, and built where it lies",
  scene(async (made) => {
    const project = '[project]\nname = "demo"\nversion = "1.0"\ndependencies = ["a", "b"]\n';
    const tree = path.dirname(made.write("tree/pyproject.toml", project));
    const session = made.session();
    const found = await resolve(session, "demo", pathToFileURL(tree).href);
    assert.equal(found.source, { kind: "path", path: tree });
    assert.equal([found.file.kind, found.file.sha256, made.builds.length], ["sdist", undefined, 0]);
    await install(session, found.pin);
    assert.is(made.builds[0]?.path, tree);
    const old = path.dirname(made.write("old/setup.py", ""));
    assert.is((await resolve(made.session(), "demo", old)).page.version(0), "1.0");
    assert.equal([made.builds[1]?.want, made.builds[1]?.version], ["metadata", ""]);
    const editable = await resolve(made.session(), "demo", `${pathToFileURL(tree).href}#editable=true`);
    assert.equal(editable.source, { kind: "path", path: tree, isEditable: true });
    await install(session, editable.pin);
    assert.is(made.builds.at(-1)?.want, "editable");
  }),
);

test(
  "archives on this machine that an index or folder lists are read in place",
  scene(async (made) => {
    const sdist = makeSdist(DEMO);
    for (const { filename, bytes } of [wheel, sdist]) {
      const url = pathToFileURL(made.write(filename, bytes)).href;
      const kind = filename.endsWith(".whl") ? "wheel" : "sdist";
      const file: DistributionFile = { filename, kind, url, isYanked: false, hasMetadataFile: false };
      const known = {
        name: normalizeName("demo"),
        version: "1.0",
        file,
        source: { kind: "index", index: "wheels" } as const,
      };
      assert.is((await readMetadata(known, made.session()))?.requiresPython, ">=3.9");
      assert.ok(await install(made.session(), pinOf(known)));
      const wrong = { ...known, version: "2.0" };
      assert.is((await failure(readMetadata(wrong, made.session()))).code, "E_METADATA");
      const remote = { ...known, file: { ...file, url: HOST + filename } };
      assert.is(await readMetadata(remote, made.session()), undefined);
      assert.is(await install(made.session(), pinOf(remote)), undefined);
    }
  }),
);

test(
  "a build inside a build looks for itself: it never waits for the one around it",
  scene(async (made) => {
    const tree = path.dirname(made.write("tree/setup.py", ""));
    const session = made.session();
    await resolve(session, "demo", tree);
    await withinBuild(normalizeName("demo"), () => resolve(session, "demo", tree));
    await resolve(session, "demo", tree);
    assert.is(made.builds.length, 2);
  }),
);

const OTHER = makeWheel({ ...DEMO, name: "other" });
const WRONG: Readonly<
  Record<string, readonly [url: (made: Scene) => string, code: string, message: RegExp, hint?: RegExp]>
> = {
  "a wheel of another package": [
    (made) => made.write(OTHER.filename, OTHER.bytes),
    "E_DIRECT_NAME",
    /`demo @ .*` leads to the package `other`/,
    /name it so: `other @ \//,
  ],
  "a source archive of another package": [
    (made) => made.write("demo-1.0.tar.gz", makeSdist({ ...DEMO, name: "other" }).bytes),
    "E_DIRECT_NAME",
    /leads to the package `other`/,
  ],
  "a source archive of another version": [
    (made) => made.write("demo-2.0.tar.gz", makeSdist(DEMO).bytes),
    "E_DIRECT_NAME",
    /`demo-2.0.tar.gz` holds demo 1.0/,
  ],
  "a file that is not there": [
    (made) => `${made.write(wheel.filename, wheel.bytes).slice(0, -5)}s.whl`,
    "E_DIRECT_MISSING",
    /names a file that is not there/,
    /did you mean: `demo @ file:.*demo-1.0-py3-none-any.whl`/,
  ],
  "no wheel in truth": [(made) => made.write(wheel.filename, "oops"), "E_ARCHIVE_UNSAFE", /is not a zip archive/],
  "a wheel whose name is none": [
    (made) => made.write("demo-2010i-py3-none-any.whl", wheel.bytes),
    "E_DIRECT_REFERENCE",
    /`2010i` is not a valid version/,
  ],
  "a folder without a project": [
    (made) => path.dirname(made.write("empty/x.txt", "")),
    "E_DIRECT_REFERENCE",
    /a folder with neither pyproject.toml nor setup.py/,
  ],
  "a file of another kind": [
    (made) => made.write("demo.txt", ""),
    "E_DIRECT_REFERENCE",
    /neither a wheel nor a source archive nor a folder/,
  ],
  "a server that lacks it": [() => `${HOST}demo-1.0.zip`, "E_NETWORK", /can't download `demo-1.0.zip`: .*404/],
};
for (const [what, [url, code, message, hint]] of Object.entries(WRONG))
  test(
    `${what} is said as it is`,
    scene(async (made) => {
      const error = await failure(resolve(made.session(), "demo", url(made)));
      assert.is(error.code, code);
      assert.match(error.message, message);
      if (hint) assert.match(error.detail.hints?.[0] ?? "", hint);
    }),
  );

test(
  "metadata that can't be read is the wheel's fault",
  scene(async (made) => {
    const bad = makeWheel({ ...DEMO, "requires-python": ">=3.9\nRequires-Python: >=3.10" });
    const error = await failure(resolve(made.session(), "demo", made.write(bad.filename, bad.bytes)));
    assert.is(error.code, "E_METADATA");
    assert.match(error.message, /`demo-1.0-py3-none-any.whl` can't be used: .*2 different `requires-python` fields/);
  }),
);

test(
  "an address alone tells the name of what lies there, which is looked at once",
  scene(async (made) => {
    const url = `${HOST}main.tar.gz`;
    made.web.set(url, makeSdist({ ...DEMO, dynamic: ["requires-dist"] }).bytes);
    const session = made.session();
    const unnamed = { name: "" as PackageName, requirement: { url } as Requirement };
    const [page] = (await findDirect(unnamed, session))!;
    assert.equal([page?.name, page?.version(0)], ["demo", "1.0"]);
    await resolve(session, "demo", url);
    assert.is(made.builds.length, 1);
    assert.is((await failure(resolve(session, "other", url))).code, "E_DIRECT_NAME");
    const refused = await failure(findDirect({ ...unnamed, requirement: { url: "ftp://x" } as Requirement }, session));
    assert.match(refused.message, "`ftp://x` has the unknown scheme");
  }),
);

test.run();

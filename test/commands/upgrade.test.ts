import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { lockedVersions } from "../harness/lock-scene.ts";
import { inPlace, type Place } from "../harness/project.ts";
import { runInTerminal } from "../harness/terminal.ts";

const OLD = "2026-01-01T00:00:00Z";
const NEW = "2026-06-01T00:00:00Z";
const index = await startIndex({
  packages: [
    { name: "rich", version: "14.0", uploaded: OLD },
    { name: "rich", version: "14.5", uploaded: NEW },
    { name: "rich", version: "15.0", uploaded: NEW },
    { name: "httpx", version: "0.27", uploaded: OLD },
    { name: "httpx", version: "0.28", requires: ["idna"], uploaded: NEW },
    { name: "idna", version: "3.0", uploaded: OLD },
    { name: "web", version: "1.0", requires: ["core<2"], uploaded: OLD },
    { name: "core", version: "1.0", uploaded: OLD },
    { name: "core", version: "1.5", uploaded: NEW },
    { name: "core", version: "2.0", uploaded: NEW },
    { name: "pytest", version: "8.0", requires: ["plug"], uploaded: OLD },
    { name: "pytest", version: "9.0", requires: ["plug"], uploaded: NEW },
    { name: "plug", version: "1.0", uploaded: OLD },
    { name: "plug", version: "1.1", uploaded: NEW },
  ],
});
test.after(() => index.stop());

const PROJECT = `[project]
name = "shop"
version = "1"
requires-python = ">=3.9"
dependencies = [
    "rich>=14",
    "httpx >=0.20, <0.28 ; python_version >= '3.9'",  # not yet
    "web",
]
[dependency-groups]
dev = ["pytest>=8"]
`;
const BEFORE = { rich: "14.0", httpx: "0.27", web: "1.0", core: "1.0", pytest: "8.0", plug: "1.0" };

/** A project locked and installed when there were only the old releases. */
const installed = (body: (place: Place) => Promise<void>) =>
  inPlace(
    async (place) => {
      place.write({ "pyproject.toml": PROJECT });
      const { exitCode, stderr } = await place.run(["lock"], { env: { PYBUN_EXCLUDE_NEWER: "2026-03-01" } });
      assert.is(exitCode, 0, stderr);
      assert.is((await place.run(["install"])).exitCode, 0);
      assert.equal(await lockedVersions(place), BEFORE);
      await body(place);
    },
    { index },
  );
/** The lines of a call that succeeds without a word on standard error, times as words. */
async function lines(place: Place, ...words: string[]): Promise<readonly string[]> {
  const { exitCode, stdout, stderr } = await place.run(["upgrade", ...words]);
  assert.equal([exitCode, stderr], [0, ""], words.join(" "));
  return place.normalize(stdout).trimEnd().split("\n");
}
const imported = async (place: Place, name: string): Promise<string> =>
  (await place.run(["run", "--no-sync", "-c", `import ${name}; print(${name}.version)`])).stdout.trim();

const HELD = " = httpx   0.27  0.28 is held by httpx>=0.20,<0.28 (pyproject.toml:7)";

test(
  "everything, as far as it fits; a dry run says it and changes nothing",
  installed(async (place) => {
    const changes = [
      " ~ pytest  8.0 -> 9.0",
      " ~ rich    14.0 -> 15.0",
      HELD,
      " ~ core    1.0 -> 1.5",
      " ~ plug    1.0 -> 1.1",
    ];
    const [files, environment] = [place.read("pybun.lockb"), await imported(place, "rich")];
    assert.equal(await lines(place, "--dry-run"), [...changes, "Would upgrade 4 packages (4 at latest, 2 held back)"]);
    assert.equal([place.read("pybun.lockb"), await imported(place, "rich")], [files, environment]);
    assert.equal(await lines(place), [...changes, "Upgraded 4 packages in [TIME] (4 at latest, 2 held back)"]);
    assert.equal(await lockedVersions(place), { ...BEFORE, rich: "15.0", core: "1.5", pytest: "9.0", plug: "1.1" });
    assert.equal([await imported(place, "rich"), await imported(place, "core")], ["15.0", "1.5"]);
    assert.is(place.read("pyproject.toml"), PROJECT);
    assert.equal(await lines(place), [
      HELD.replace("httpx   ", "httpx  "),
      "Up to date: 6 packages in [TIME] (4 at latest, 2 held back)",
    ]);
    assert.is((await place.run(["sync", "--check"])).exitCode, 0);
  }),
);

test(
  "certain packages, a certain version, a group, the lock alone",
  installed(async (place) => {
    await lines(place, "Core", "--no-sync");
    assert.equal(await lockedVersions(place), { ...BEFORE, core: "1.5" });
    assert.is(await imported(place, "core"), "1.0");
    await lines(place, "rich==14.5");
    assert.equal(await lockedVersions(place), { ...BEFORE, core: "1.5", rich: "14.5" });
    await lines(place, "--group", "dev");
    assert.equal(await lockedVersions(place), { ...BEFORE, core: "1.5", rich: "14.5", pytest: "9.0", plug: "1.1" });
  }),
);

test(
  "--latest raises what holds back, in its span only",
  installed(async (place) => {
    assert.equal(await lines(place, "--latest", "httpx"), [
      " ~ httpx  0.27 -> 0.28  httpx >=0.20, <0.29 ; python_version >= '3.9'",
      " + idna   3.0",
      "Upgraded 1 package, added 1, raised 1 constraint in [TIME] (1 at latest)",
    ]);
    assert.is(place.read("pyproject.toml"), PROJECT.replace("<0.28", "<0.29"));
    assert.equal([await imported(place, "httpx"), await imported(place, "rich")], ["0.28", "14.0"]);
    assert.is((await place.run(["lock", "--check"])).exitCode, 0);
    const { data } = (await place.run(["--format=json", "upgrade", "--latest", "--dry-run"])).json();
    assert.equal(
      [data["raised"], data["held"], data["at_latest"], data["dry_run"]],
      [[], [{ name: "core", version: "1.5", latest: "2.0", held_by: ["web 1.0 requires core<2"] }], 6, true],
    );
  }),
);

test(
  "what can't be resolved or installed changes nothing",
  installed(async (place) => {
    const state = async () => [place.read("pyproject.toml"), place.read("pybun.lockb"), await imported(place, "core")];
    const before = await state();
    const conflict = await place.run(["upgrade", "core==2.0"]);
    assert.is(conflict.exitCode, 4);
    assert.match(conflict.stderr, "nothing was changed");
    const missing = await place.run(["upgrade", "rihc"]);
    assert.equal(
      [missing.exitCode, missing.stderr.split("\n")[0]],
      [3, "error[E_NOT_LOCKED]: the lock has no package `rihc`"],
    );
    assert.is((await place.run(["upgrade", "--group", "dve"])).exitCode, 3);
    assert.is((await place.run(["upgrade", "--interactive"])).exitCode, 2);
    assert.equal(await state(), before);
  }),
);

test(
  "--interactive shows what there is, and takes what was picked",
  installed(async (place) => {
    const env = { PYBUN_INDEX_URL: index.url };
    const { exitCode, shown } = await runInTerminal(place, ["upgrade", "-i"], {
      answers: ["9", "2 core"],
      env,
      columns: 100,
    });
    assert.is(exitCode, 0, shown);
    assert.match(shown, / {3}1 {2}pytest {2}8\.0 -> 9\.0\n {3}2 {2}rich {4}14\.0 -> 15\.0\n/);
    assert.match(shown, "`9` is none of them");
    assert.equal(await lockedVersions(place), { ...BEFORE, rich: "15.0", core: "1.5" });
    const none = await runInTerminal(place, ["upgrade", "-i"], { answers: ["none"], env });
    assert.match(none.shown, "Nothing to upgrade");
  }),
);

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { inPlace, type Place } from "../harness/project.ts";

const OLD = "2026-01-01T00:00:00Z";
const NEW = "2026-06-01T00:00:00Z";
const index = await startIndex({
  packages: [
    { name: "rich", version: "14.0", uploaded: OLD },
    { name: "rich", version: "15.0", uploaded: NEW },
    { name: "rich", version: "16.0rc1", uploaded: NEW },
    { name: "httpx", version: "0.27", uploaded: OLD },
    { name: "httpx", version: "0.28", uploaded: NEW },
    { name: "web", version: "1.0", requires: ["core<2"], uploaded: OLD },
    { name: "core", version: "1.0", uploaded: OLD },
    { name: "core", version: "2.0", uploaded: NEW },
    { name: "newpy", version: "1.0", uploaded: OLD },
    { name: "newpy", version: "2.0", "requires-python": ">=4", uploaded: NEW },
    { name: "early", version: "1.0rc1", uploaded: OLD },
    { name: "early", version: "1.0rc2", uploaded: NEW },
    { name: "gone", version: "1.0", yanked: "broken", uploaded: OLD },
    { name: "same", version: "1.0", uploaded: OLD },
    { name: "side", version: "1.0", uploaded: OLD },
    { name: "side", version: "2.0", requires: ["same>=2,<3"], uploaded: NEW },
  ],
});
test.after(() => index.stop());

const PROJECT = `[project]
name = "shop"
version = "1"
requires-python = ">=3.9,<4"
dependencies = [
    "rich>=14",
    "httpx<0.28",
    "web",
    "newpy",
    "same",
    "side",
]
[dependency-groups]
dev = ["early>=1.0rc1", "gone==1.0"]
`;
/** A project locked when there were only the old releases. */
const locked = (body: (place: Place) => Promise<void>) =>
  inPlace(
    async (place) => {
      place.write({ "pyproject.toml": PROJECT });
      const { exitCode, stderr } = await place.run(["lock"], { env: { PYBUN_EXCLUDE_NEWER: "2026-03-01" } });
      assert.is(exitCode, 0, stderr);
      // A setting that is gone makes a lock stale; versions stay.
      await place.run(["lock"]);
      await body(place);
    },
    { index },
  );

test(
  "what is newer, what of it fits, and what holds the rest",
  locked(async (place) => {
    const { exitCode, stdout } = await place.run(["outdated"]);
    assert.is(exitCode, 0);
    assert.equal(stdout.trimEnd().split("\n"), [
      "package  current       fits    latest  held by",
      "early    1.0rc1        1.0rc2  1.0rc2",
      "gone     1.0 (yanked)  1.0     1.0",
      "httpx    0.27          0.27    0.28    httpx<0.28, pyproject.toml:7",
      "newpy    1.0           1.0     2.0     newpy 2.0 requires Python >=4",
      "rich     14.0          15.0    15.0",
      "side     1.0           1.0     2.0     side 2.0 requires same>=2,<3",
      "core     1.0           1.0     2.0     web 1.0 requires core<2",
    ]);
  }),
);

test(
  "by name, by exit code, as JSON; nothing where nothing is newer; nothing is changed",
  locked(async (place) => {
    const before = place.read("pybun.lockb");
    const one = await place.run(["outdated", "HTTPX"]);
    assert.is(one.stdout.split("\n").length, 3);
    const none = await place.run(["outdated", "same", "--exit-code"]);
    assert.equal([none.exitCode, none.stdout], [0, ""]);
    assert.is((await place.run(["outdated", "rich", "--exit-code"])).exitCode, 1);
    const { data } = (await place.run(["--format=json", "outdated", "early", "core"])).json();
    assert.equal(data["packages"], [
      {
        name: "early",
        current: "1.0rc1",
        compatible: "1.0rc2",
        latest: "1.0rc2",
        kind: "in-range",
        constraint: null,
        held_by: [],
        yanked: false,
        direct: true,
        group: "dev",
      },
      {
        name: "core",
        current: "1.0",
        compatible: "1.0",
        latest: "2.0",
        kind: "out-of-range",
        constraint: "web 1.0 requires core<2",
        held_by: [{ kind: "package", requirement: "core<2", origin: "web 1.0" }],
        yanked: false,
        direct: false,
        group: "",
      },
    ]);
    assert.is(place.read("pybun.lockb"), before);
  }),
);

test(
  "what is left out by a cut-off is not the newest",
  locked(async (place) => {
    const env = { PYBUN_EXCLUDE_NEWER: "2026-03-01" };
    const { stdout } = await place.run(["outdated", "rich", "httpx"], { env });
    assert.is(stdout, "");
  }),
);

test(
  "tree --outdated",
  locked(async (place) => {
    const { stdout } = await place.run(["tree", "--universal", "--depth", "1", "--outdated"]);
    assert.match(stdout, "|- httpx 0.27  <0.28  latest 0.28\n");
    assert.match(stdout, "|- rich 14.0  >=14  latest 15.0\n");
    assert.match(stdout, "|- same 1.0\n");
  }),
);

test(
  "no lock, and a name that is not in it",
  inPlace(
    async (place) => {
      place.write({ "pyproject.toml": PROJECT });
      const missing = await place.run(["outdated"]);
      assert.equal([missing.exitCode, missing.stdout], [3, ""]);
      assert.match(missing.stderr, "`pybun lock`");
      await place.run(["lock"]);
      const unknown = await place.run(["outdated", "htpx"]);
      assert.equal([unknown.exitCode, unknown.stdout], [3, ""]);
      assert.match(unknown.stderr, "hint: did you mean: `pybun outdated httpx`");
    },
    { index },
  ),
);

test.run();

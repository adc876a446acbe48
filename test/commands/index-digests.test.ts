import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { lockIn, projectText } from "../harness/lock-scene.ts";
import { inPlace } from "../harness/project.ts";

// What an index states of a file is what the file is held to, whatever the algorithm, and though it is no digest at all.

const OWN = "its own";
const STATED: readonly (readonly [digests: Readonly<Record<string, string>>, isTaken: boolean])[] = [
  [{}, true],
  [{ sha256: OWN }, true],
  [{ sha256: "0".repeat(64) }, false],
  [{ sha256: "abcdef" }, false],
  [{ sha256: "" }, false],
  [{ sha256: "z".repeat(64) }, false],
  [{ sha256: "abcdef", md5: OWN }, false],
  [{ sha256: OWN, md5: "0".repeat(32) }, true],
  [{ md5: OWN }, true],
  [{ md5: "0".repeat(32) }, false],
  [{ sha1: OWN }, true],
  [{ sha1: "0".repeat(40) }, false],
  [{ sha224: OWN }, true],
  [{ sha384: OWN }, true],
  [{ sha384: "0".repeat(96), md5: OWN }, false],
  [{ sha512: OWN }, true],
  [{ sha512: "0" }, false],
  [{ sha3_256: OWN }, true],
  [{ sha3_256: "0".repeat(64) }, false],
  [{ blake2b: OWN }, true],
  [{ blake2b: "its own of 256 bits" }, true],
  [{ blake2b: "0".repeat(64) }, false],
  [{ blake2b: "0".repeat(128) }, false],
  [{ shake_128: "0".repeat(32) }, true],
];

const packages = STATED.flatMap(([digests], i) => [
  { name: `w${i}`, version: "1", digests },
  { name: `s${i}`, version: "1", digests, tags: [], sdist: true },
]);
for (const form of ["json", "html"] as const) {
  const index = await startIndex({ packages, form, ranges: false });
  test.after(() => index.stop());
  test(
    `a file is refused that is not what its page states (${form})`,
    inPlace(
      async (place) => {
        const taken = STATED.flatMap(([, isTaken], i) => (isTaken ? [`s${i}`, `w${i}`] : []));
        const download = ["pip", "download", "--no-deps", "-d", "there"];
        const all = await place.run([...download, ...taken]);
        assert.is(all.exitCode, 0, all.stderr);
        for (const [i, [digests, isTaken]] of STATED.entries()) {
          if (isTaken) continue;
          for (const argv of [
            [...download, `w${i}`],
            [...download, `s${i}`],
            ["pip", "install", "--target=here", `w${i}`],
          ]) {
            const { exitCode, stderr } = await place.run(argv);
            const told = `${argv.join(" ")} ${JSON.stringify(digests)}: ${stderr}`;
            assert.is.not(exitCode, 0, told);
            assert.match(stderr, "E_HASH_MISMATCH", told);
          }
        }
        const there = fs.readdirSync(path.join(place.cwd, "there")).map((name) => name.slice(0, name.indexOf("-")));
        assert.equal(there.sort(), taken.sort());
      },
      { index },
    ),
  );
}

const index = await startIndex({
  packages: [
    { name: "none", version: "1", digests: {}, sdist: true, tags: ["py3-none-any", "cp39-none-win_amd64"] },
    { name: "other", version: "1", digests: { md5: OWN } },
    { name: "broken", version: "1", digests: { md5: "0".repeat(32) } },
    { name: "more", version: "1" },
  ],
});
test.after(() => index.stop());

test(
  "a lock has the SHA-256 of all files, also where an index states none, and files are fetched for that once",
  inPlace(
    async (place) => {
      place.write({ "pyproject.toml": projectText(["none", "other"]) });
      await lockIn(place);
      assert.is(index.count("file"), 4);
      const { stdout } = await place.run(["lock", "--json"]);
      assert.equal(stdout.match(/"sha256": "[0-9a-f]{64}"/g)?.length, 4);
      index.forget();
      place.write({ "pyproject.toml": projectText(["none", "other", "more"]) });
      assert.match(await lockIn(place), "Locked 3 packages: 1 added");
      assert.is(index.count("file"), 0);
      const synced = await place.run(["sync"]);
      assert.is(synced.exitCode, 0, synced.stderr);
      place.write({ "pyproject.toml": projectText(["broken"]) });
      const refused = await place.run(["lock"]);
      assert.equal([refused.exitCode, /E_HASH_MISMATCH/.test(refused.stderr)], [6, true], refused.stderr);
    },
    { index },
  ),
);

test.run();

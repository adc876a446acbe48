import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { lockedVersions, lockIn, projectText } from "../harness/lock-scene.ts";
import { inPlace, type Place } from "../harness/project.ts";
import { sha256 } from "../harness/release.ts";
import { makeWheel } from "../harness/wheel.ts";

const wheels = [makeWheel({ name: "a", version: "1.0", requires: ["b"] }), makeWheel({ name: "b", version: "2.0" })];

/** A project whose packages lie in a folder beside it, of which nobody states a digest. */
const placed = (body: (place: Place) => Promise<void>) =>
  inPlace(async (place) => {
    const text = projectText(["a"], '[tool.pybun]\nfind-links = ["wheels"]\nno-index = true\n');
    place.write({ "pyproject.toml": text, "wheels/.keep": "" });
    for (const { filename, bytes } of wheels) fs.writeFileSync(path.join(place.cwd, "wheels", filename), bytes);
    await body(place);
  });

test(
  "archives in a folder are locked with the digests of what lies there, and installed from there wherever the project is",
  placed(async (place) => {
    await lockIn(place);
    assert.equal(await lockedVersions(place), { a: "1.0", b: "2.0" });
    const { stdout } = await place.run(["lock", "--json"]);
    for (const { filename, bytes } of wheels) {
      assert.match(stdout, `"sha256": "${sha256(bytes)}"`);
      assert.match(stdout, `"url": "file:wheels/${filename}"`);
    }
    const moved = `${place.cwd}-moved`;
    fs.renameSync(place.cwd, moved);
    const { exitCode, stderr } = await place.run(["--directory", moved, "sync", "--frozen"], { cwd: place.home });
    assert.is(exitCode, 0, stderr);
    fs.renameSync(moved, place.cwd);
  }),
);

test(
  "another archive under the same name is refused",
  placed(async (place) => {
    await lockIn(place);
    const other = makeWheel({ name: "b", version: "2.0", files: { "b.py": "evil = True\n" } });
    fs.writeFileSync(path.join(place.cwd, "wheels", other.filename), other.bytes);
    const { exitCode, stderr } = await place.run(["sync", "--frozen"]);
    assert.is(exitCode, 6, stderr);
    assert.match(stderr, "error[E_HASH_MISMATCH]");
  }),
);

test.run();

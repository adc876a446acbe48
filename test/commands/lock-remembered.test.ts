import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { LOCK_PACKAGES, lockedVersions, lockIn, projectText } from "../harness/lock-scene.ts";
import { inPlace, type Place } from "../harness/project.ts";

const index = await startIndex({ packages: LOCK_PACKAGES });
test.after(() => index.stop());
const placed = (body: (place: Place) => Promise<void>) => inPlace(body, { index });

const lockFile = (place: Place): string => path.join(place.cwd, "pybun.lockb");
async function lockAnew(place: Place, ...words: string[]): Promise<Buffer> {
  fs.rmSync(lockFile(place), { force: true });
  await lockIn(place, ...words);
  return fs.readFileSync(lockFile(place));
}
const keptIn = (place: Place): readonly string[] => {
  const folder = path.join(place.data, "hints");
  const names = fs.readdirSync(folder).filter((name) => name.endsWith(".made"));
  return names.map((name) => path.join(folder, name));
};

test(
  "made, made of a remembered answer, and remembered whole: the same bytes and words each time",
  placed(async (place) => {
    place.write({ "pyproject.toml": projectText(["a", "b[more]"]) });
    const [made, words] = [await lockAnew(place), (await place.run(["lock", "--json"])).stdout];
    assert.equal(keptIn(place), []);
    const asked = index.requests.length;
    for (let time = 0; time < 3; time++) {
      assert.ok((await lockAnew(place)).equals(made));
      assert.is(keptIn(place).length, 1);
      assert.is((await place.run(["lock", "--json"])).stdout, words);
    }
    assert.is(index.requests.length, asked, "nothing was asked of the index");
  }),
);

test(
  "the same project in another folder has the same answer, which is kept once",
  placed(async (place) => {
    place.write({ "pyproject.toml": projectText(["a", "b[more]"]) });
    const [made] = [await lockAnew(place), await lockAnew(place)];
    const kept = fs.readdirSync(path.join(place.data, "hints")).sort();
    const asked = index.requests.length;
    place.write({ "copy/pyproject.toml": place.read("pyproject.toml") });
    const cwd = path.join(place.cwd, "copy");
    const { exitCode, stderr } = await place.run(["lock"], { cwd });
    assert.is(exitCode, 0, stderr);
    assert.ok(fs.readFileSync(path.join(cwd, "pybun.lockb")).equals(made));
    assert.equal(fs.readdirSync(path.join(place.data, "hints")).sort(), kept);
    assert.is(index.requests.length, asked, "nothing was asked of the index");
  }),
);

test(
  "for other requirements another one is made",
  placed(async (place) => {
    place.write({ "pyproject.toml": projectText(["a"]) });
    for (let time = 0; time < 3; time++) await lockAnew(place);
    place.write({ "pyproject.toml": projectText(["a"], '[dependency-groups]\ndev = ["b"]\n') });
    const [first, second, third] = [await lockAnew(place), await lockAnew(place), await lockAnew(place)];
    assert.ok(first.equals(second) && second.equals(third));
    assert.equal(Object.keys(await lockedVersions(place)), ["a", "b", "shared"]);
    assert.is(keptIn(place).length, 2);
  }),
);

test(
  "one that is damaged is made again",
  placed(async (place) => {
    place.write({ "pyproject.toml": projectText(["a"]) });
    const made = await lockAnew(place);
    await lockAnew(place);
    const [file = ""] = keptIn(place);
    const bytes = fs.readFileSync(file);
    bytes[bytes.length - 1]! ^= 1;
    fs.writeFileSync(file, bytes);
    assert.ok((await lockAnew(place)).equals(made));
  }),
);

test.run();

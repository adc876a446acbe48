import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { inPlace, type Place } from "../harness/project.ts";

// A second environment of the same kind is made by the command's fast form, which leaves no line in the log.

const callsIn = (place: Place): number =>
  fs.readFileSync(path.join(place.data, "logs", "pybun.jsonl"), "utf8").split("CommandEnd").length - 1;

/** Makes the environment `env` anew; whether that was looked into in full. */
async function isInFull(place: Place, ...words: string[]): Promise<boolean> {
  fs.rmSync(path.join(place.cwd, "env"), { recursive: true, force: true });
  const before = callsIn(place);
  const { exitCode, stdout, stderr } = await place.run(["venv", ...words, "env"]);
  assert.equal([exitCode, stderr], [0, ""]);
  assert.match(stdout, /^Created environment env with Python \d+\.\d+\.\d+\n$/);
  return callsIn(place) > before;
}

test(
  "the same environment once more is the same",
  inPlace(async (place) => {
    await place.run(["venv", "env"]);
    const picture = () => fs.readdirSync(path.join(place.cwd, "env"), { recursive: true, encoding: "utf8" }).sort();
    const first = picture();
    assert.is(await isInFull(place), false);
    assert.equal(picture(), first);
    const other = path.join(place.root, "other");
    fs.mkdirSync(other);
    assert.is((await place.run(["venv", "env"], { cwd: other })).exitCode, 0);
    assert.match(
      fs.readFileSync(path.join(other, "env", "bin", "activate"), "utf8"),
      new RegExp(path.join(other, "env")),
    );
    const { stdout } = await place.run(["run", "-c", "import sys; print(sys.prefix)"], { env: { PYBUN_ENV: "./env" } });
    assert.is(stdout, `${path.join(place.cwd, "env")}\n`);
    const occupied = await place.run(["venv", "env"]);
    assert.match(occupied.stdout, /^Up to date: env /);
  }),
);

test(
  "another wish, another Python asked for, and a place that is taken are looked into",
  inPlace(async (place) => {
    await place.run(["venv", "env"]);
    assert.is(await isInFull(place, "--prompt", "mine"), true);
    assert.is(await isInFull(place, "--prompt", "mine"), true);
    assert.match(place.read("env/pyvenv.cfg"), /prompt = mine\n/);
    assert.is(await isInFull(place, "--system-site-packages"), true);
    assert.is(await isInFull(place, "--system-site-packages"), true);
    assert.match(place.read("env/pyvenv.cfg"), /include-system-site-packages = true\n/);
    assert.is(await isInFull(place), false);
    place.write({ ".python-version": ">=3.9\n" });
    assert.is(await isInFull(place), true);
    fs.rmSync(path.join(place.cwd, "env"), { recursive: true });
    place.write({ "env/file": "" });
    const { exitCode, stderr } = await place.run(["venv", "env"]);
    assert.is(exitCode, 3, stderr);
    assert.match(stderr, /E_ENV_EXISTS/);
  }),
);

test.run();

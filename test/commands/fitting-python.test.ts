import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { installedName } from "../harness/fake-python-tar.ts";
import { serveFolder } from "../harness/folder-server.ts";
import { startIndex } from "../harness/index-server.ts";
import { inPlace, type Place } from "../harness/project.ts";
import { type Python, pythons, requirePython } from "../harness/python.ts";
import { packInterpreter, writePythonMirror } from "../harness/python-mirror.ts";

const newest = requirePython();
/** Another minor version than is on the test's PATH; it is brought by a mirror. */
const other = pythons().find(({ version }) => version[1] !== newest.version[1]);
const tagOf = ({ version }: Python): string => `cp3${version[1]}-none-any`;

const index = await startIndex({
  packages: other === undefined ? [] : [{ name: "native", version: "1.0", tags: [tagOf(other)] }],
});
test.after(() => index.stop());

const PROJECT = `[project]\nname = "demo"\nversion = "0.1.0"\nrequires-python = ">=3.9"\ndependencies = ["native"]\n`;

interface Scene {
  readonly place: Place;
  readonly env: Readonly<Record<string, string>>;
  readonly version: string;
}
const scene = (body: (scene: Scene) => Promise<void>) =>
  inPlace(
    async (place) => {
      if (other === undefined) return; // one minor version is all this machine has
      const mirror = writePythonMirror(path.join(place.root, "mirror"), [packInterpreter(other)]);
      const server = await serveFolder(mirror.folder);
      const env = {
        PYBUN_PYTHON_MIRROR: server.url,
        PYBUN_PYTHON_MIRROR_KEY: mirror.publicKey,
        PYENV_ROOT: path.join(place.root, "no-pyenv"),
      };
      const minor = other.version.slice(0, 2).join(".");
      try {
        // A system's own Python of that version would be taken as it is.
        const isHere = (await place.run(["python", "find", minor], { env })).exitCode === 0;
        place.write({ "pyproject.toml": PROJECT });
        if (!isHere) await body({ place, env, version: other.version.join(".") });
      } finally {
        await server.stop();
      }
    },
    { index },
  );

test(
  "a lock that has nothing for the newest Python is installed with one that it has files for, brought if need be",
  scene(async ({ place, env, version }) => {
    const locked = await place.run(["lock"], { env });
    assert.is(locked.exitCode, 0, locked.stderr);
    const done = await place.run(["sync"], { env });
    assert.is(done.exitCode, 0, done.stderr);
    assert.match(
      done.stderr,
      `warning[W_ABI_MISMATCH]: Python ${version} is used instead of ${newest.version.join(".")}`,
    );
    assert.ok(fs.existsSync(path.join(place.data, "pythons", installedName(version))));
    const run = await place.run(["run", "-c", "import native, platform; print(platform.python_version())"], { env });
    assert.equal([run.exitCode, run.stdout], [0, `${version}\n`], run.stderr);
    const again = await place.run(["sync"], { env });
    assert.equal([again.exitCode, again.stderr], [0, ""], "the environment fits from now on");
  }),
);

test(
  "strictly, or where a Python was asked for, it is an error and nothing is fetched",
  scene(async ({ place, env }) => {
    await place.run(["lock"], { env });
    const pinned = newest.version.slice(0, 2).join(".");
    for (const words of [
      ["sync", "--locked"],
      ["--offline", "sync"],
      ["--python", pinned, "sync"],
    ]) {
      const result = await place.run(words, { env });
      assert.not(result.exitCode === 0, words.join(" "));
      assert.match(result.stderr, "error[E_LOCK_TARGET]", words.join(" "));
    }
    assert.not(fs.existsSync(path.join(place.data, "pythons")));
  }),
);

test.run();

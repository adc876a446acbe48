import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { executablePath } from "../harness/executable.ts";
import { startIndex } from "../harness/index-server.ts";
import { LOCK_PACKAGES, lockedVersions, lockIn, projectText } from "../harness/lock-scene.ts";
import { inPlace, type Place } from "../harness/project.ts";

const index = await startIndex({ packages: LOCK_PACKAGES });
test.after(() => index.stop());
const placed = (body: (place: Place) => Promise<void>) => inPlace(body, { index });

// git

const git = (place: Place, ...words: readonly string[]) => {
  const env = {
    ...process.env,
    HOME: place.home,
    PYBUN_HOME: place.data,
    PYBUN_INDEX_URL: index.url,
    GIT_CONFIG_NOSYSTEM: "1",
    PATH: `${place.root}/bin:${process.env["PATH"]}`,
  };
  const done = spawnSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", ...words], {
    cwd: place.cwd,
    env,
    encoding: "utf8",
  });
  return { code: done.status, text: done.stdout + done.stderr };
};

/** A repository with a locked project in it, and the executable on its PATH. */
async function repository(place: Place, dependencies: readonly string[]): Promise<void> {
  fs.mkdirSync(path.join(place.root, "bin"));
  fs.symlinkSync(executablePath(), path.join(place.root, "bin", "pybun"));
  place.write({
    "pyproject.toml": projectText([]).replace(
      "dependencies = []",
      `dependencies = [\n${dependencies.map((each) => `  "${each}",\n`).join("")}]`,
    ),
  });
  git(place, "init", "-q", "-b", "main");
  assert.match(await lockIn(place, "--git-setup"), "Set up git");
  await lockIn(place);
  git(place, "add", "-A");
  assert.is(git(place, "commit", "-qm", "first").code, 0);
}
const hasGit = spawnSync("git", ["--version"]).status === 0;

if (hasGit) {
  test(
    "--git-setup makes git show locks as text; it can be repeated, and needs a repository",
    placed(async (place) => {
      assert.match((await place.run(["lock", "--git-setup"])).stderr, "error[E_LOCK_GIT]: this folder is in no git");
      await repository(place, ["a<2"]);
      place.write({ "pyproject.toml": projectText(["a>=2"]) });
      await lockIn(place);
      assert.match(git(place, "diff", "pybun.lockb").text, /^-version = "1\.0"\n\+version = "2\.0"$/m);
      const attributes = place.read(".gitattributes");
      await lockIn(place, "--git-setup");
      assert.is(place.read(".gitattributes"), attributes);
    }),
  );

  test(
    "two branches merge into a lock of what both require, with the versions that each chose",
    placed(async (place) => {
      index.add({ name: "m1", version: "1" }, { name: "m2", version: "1" });
      await repository(place, ["a<2", "shared", "extra"]);
      const change = async (branch: string, edit: (text: string) => string) => {
        git(place, "checkout", "-qb", branch, "main");
        place.write({ "pyproject.toml": edit(place.read("pyproject.toml")) });
        await lockIn(place);
        assert.is(git(place, "commit", "-qam", branch).code, 0);
      };
      await change("one", (text) => text.replace('  "a<2",\n', '  "a<2",\n  "m1",\n'));
      await change("two", (text) => text.replace('  "extra",\n', '  "m2",\n'));
      index.add({ name: "m1", version: "2" }, { name: "m2", version: "2" });
      const merged = git(place, "merge", "-q", "--no-edit", "one");
      assert.is(merged.code, 0, merged.text);
      assert.equal(await lockedVersions(place), { a: "1.0", m1: "1", m2: "1", shared: "1.5" });
      assert.match(await lockIn(place), "Up to date");
    }),
  );
}

test.run();

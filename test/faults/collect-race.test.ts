import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { createPlace, type Place, type Result } from "../harness/project.ts";
import type { Release } from "../harness/release.ts";

// Installs at the same time as collecting, which takes everything that nobody needs at that instant.

const AT_ONCE = 4;
const ROUNDS = 6;
const MODES = ["tree", "hardlink", "copy", "tree"];

const packages: readonly Release[] = Array.from({ length: 8 }, (_, number) => ({
  name: `part-${number}`,
  version: "1.0",
  files: {
    [`part_${number}/__init__.py`]: `value = ${number}\n`,
    ...Object.fromEntries(Array.from({ length: 10 }, (_, file) => [`part_${number}/m${file}.py`, `value = ${file}\n`])),
  },
}));
const index = await startIndex({ packages });
test.after(() => index.stop());

/** Every project wants other packages, and in each round others than before, so that entries come and go. */
const wanted = (project: number, round: number): readonly number[] =>
  packages.map((_, number) => number).filter((number) => (number + project + round) % 3 !== 0);

function writeProject(place: Place, project: number, round: number): void {
  const names = wanted(project, round).map((number) => `part-${number}`);
  const text = `[project]\nname = "p${project}"\nversion = "1"\nrequires-python = ">=3.9"\ndependencies = ${JSON.stringify(names)}\n`;
  place.write({ [`p${project}/pyproject.toml`]: text });
}

async function installAndImport(place: Place, project: number, round: number): Promise<string | undefined> {
  writeProject(place, project, round);
  const cwd = path.join(place.cwd, `p${project}`);
  if (round % 2 === 1) fs.rmSync(path.join(cwd, ".pybun"), { recursive: true, force: true });
  const install = await place.run(["install", "--link-mode", MODES[project] as string], { cwd });
  if (install.exitCode !== 0) return `install: ${install.stderr}`;
  const imports = wanted(project, round).map((number) => `import part_${number}.m1, part_${number}.m9\n`);
  const run = await place.run(["run", "-c", `${imports.join("")}print("all")`], { cwd });
  return run.stdout === "all\n" ? undefined : `run: ${run.stderr}`;
}

test(`${AT_ONCE} installs at once, with gc in a loop beside them, never miss a file`, async () => {
  const place = createPlace({ index });
  try {
    const done = new AbortController();
    const collections: Result[] = [];
    const collecting = (async () => {
      while (!done.signal.aborted) collections.push(await place.run(["gc", "--max-size", "0", "--format=json"]));
    })();
    const faults: string[] = [];
    const work = Array.from({ length: AT_ONCE }, async (_, project) => {
      for (let round = 0; round < ROUNDS; round++) {
        const fault = await installAndImport(place, project, round);
        if (fault !== undefined) faults.push(`project ${project}, round ${round}: ${fault}`);
      }
    });
    await Promise.all(work);
    done.abort();
    await collecting;
    assert.equal(faults, []);
    assert.equal(
      collections.filter(({ exitCode }) => exitCode !== 0).map(({ stdout }) => stdout),
      [],
    );
    const sum = (key: string): number => collections.reduce((all, { json }) => all + Number(json().data[key]), 0);
    assert.ok(sum("removed") > 0, "the collections did remove something");
    const verified = await place.run(["verify", "--store"]);
    assert.is(verified.exitCode, 0, verified.stdout);
    assert.equal(place.leftovers(), []);
  } finally {
    place.remove();
  }
});

test.run();

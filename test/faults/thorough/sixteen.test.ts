import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../../harness/index-server.ts";
import { projectText } from "../../harness/lock-scene.ts";
import { createPlace, type Place, type Result } from "../../harness/project.ts";
import { told } from "../judge.ts";
import { depth } from "../row.ts";
import { RELEASES } from "../scene.ts";

// Rows 23 and 25: sixteen processes on one environment and one store, with gc beside them that takes whatever nobody needs.

const PROCESSES = 16;
const ROUNDS = depth() === "every" ? 20 : 4;
const SIX = [0, 1, 2, 3, 4, 5];

const index = await startIndex({ packages: RELEASES });
test.after(() => index.stop());

/** What one process wants in one round: some of the packages, all of one version. */
const wantedBy = (number: number, round: number): { readonly version: string; readonly parts: readonly number[] } => ({
  version: (number + round) % 2 === 0 ? "1.0" : "2.0",
  parts: SIX.filter((part) => ((number * 7 + round * 3) >> (part % 3)) % 2 === 0 || part === number % 6),
});

/** Modes of linking take turns too. */
const MODES = ["auto", "hardlink", "copy", "tree"];

/** Each process has a project of its own; all of them share one environment, which their `.pybun` leads to. */
function projectOf(place: Place, number: number, round: number): string {
  const { version, parts } = wantedBy(number, round);
  const folder = path.join(place.cwd, `project-${number}`);
  const shared = path.join(place.cwd, "shared");
  fs.mkdirSync(shared, { recursive: true });
  fs.mkdirSync(folder, { recursive: true });
  if (!fs.existsSync(path.join(folder, ".pybun"))) fs.symlinkSync(shared, path.join(folder, ".pybun"));
  fs.writeFileSync(path.join(folder, "pyproject.toml"), projectText(parts.map((part) => `part-${part}==${version}`)));
  return folder;
}

/** Installs, or runs something in what is there; several of both at once. */
async function work(place: Place, number: number, round: number): Promise<readonly string[]> {
  const cwd = projectOf(place, number, round);
  const mode = MODES[(number + round) % MODES.length] as string;
  const install = ["install", "--no-install-project", `--link-mode=${mode}`, "--format=json"];
  const results: Result[] = [await place.run(install, { cwd })];
  // One look at the folder: by now it may hold what another process wants, but never the packages of two.
  const code = `import os, sysconfig
names = [n for n in os.listdir(sysconfig.get_path("purelib")) if n.startswith("part_") and n.endswith(".dist-info")]
assert len({n.split("-")[1] for n in names}) == 1, names`;
  // Without that, what this project lacks would be added to what is there.
  results.push(await place.run(["run", "--no-sync", "-c", code], { cwd }));
  return results.filter(hasFailed).map((result) => `process ${number}, round ${round}: ${told(result)}`);
}

const hasFailed = ({ exitCode, stdout }: Result): boolean =>
  exitCode !== 0 && !(exitCode === 8 && stdout.includes("E_LOCK_BUSY"));

test(`rows 23 and 25: ${PROCESSES} processes at one environment and one store, with gc beside them`, async () => {
  const place = createPlace({ index, env: { PYBUN_STORE_BYTECODE: "never" } });
  try {
    const done = new AbortController();
    const collected: Result[] = [];
    const collecting = (async () => {
      while (!done.signal.aborted) collected.push(await place.run(["gc", "--max-size=0", "--format=json"]));
    })();
    const faults: string[] = [];
    const runOne = async (number: number): Promise<void> => {
      for (let round = 0; round < ROUNDS; round++) faults.push(...(await work(place, number, round)));
    };
    const numbers = Array.from({ length: PROCESSES }, (_, number) => number);
    await Promise.all(numbers.map(runOne));
    // Programs that each have the environment completed for them.
    const cwds = numbers.map((number) => projectOf(place, number, ROUNDS));
    const ran = await Promise.all(cwds.map((cwd) => place.run(["run", "-c", "pass"], { cwd })));
    faults.push(...ran.filter(hasFailed).map((result, number) => `program ${number}: ${told(result)}`));
    done.abort();
    await collecting;
    faults.push(...collected.filter(({ exitCode }) => exitCode !== 0).map((result) => `gc: ${told(result)}`));
    assert.equal(faults, []);
    console.log(`${PROCESSES * ROUNDS} installs, ${collected.length} collections beside them`);
    const cwd = projectOf(place, 0, 0);
    const last = await place.run(["install", "--no-install-project", "--format=json"], { cwd });
    assert.is(last.exitCode, 0, told(last));
    const verified = await place.run(["verify", "--format=json"], { cwd });
    assert.is(verified.exitCode, 0, told(verified));
    assert.equal(place.leftovers(), []);
  } finally {
    place.remove();
  }
});

test.run();

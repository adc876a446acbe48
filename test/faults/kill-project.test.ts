import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { projectText } from "../harness/lock-scene.ts";
import { createPlace, type Place } from "../harness/project.ts";
import type { Release } from "../harness/release.ts";

const MOMENTS = 40;
const AT_ONCE = 2;

/** Two versions of each of some packages with enough files for every phase to take its time. */
const packages: readonly Release[] = ["1.0", "2.0"].flatMap((version) =>
  Array.from({ length: 8 }, (_, number) => ({
    name: `part-${number}`,
    version,
    "console-scripts": { [`tool-${number}`]: `part_${number}:main` },
    files: Object.fromEntries([
      [`part_${number}/__init__.py`, `version = "${version}"\n`],
      ...Array.from({ length: 12 }, (_, file) => [`part_${number}/m${file}.py`, `value = "${version}"\n`.repeat(20)]),
    ]),
  })),
);
const names = [...new Set(packages.map(({ name }) => name))];
const asking = (specifier: string): string => projectText(names.map((name) => name + specifier));
const modules = names.map((name) => name.replace("-", "_"));
const VERSIONS = `${modules.map((name) => `import ${name}.m7`).join("\n")}\nprint({m.version for m in (${modules.join()})})`;

const index = await startIndex({ packages });
test.after(() => index.stop());

const lockOf = (place: Place): Buffer => fs.readFileSync(path.join(place.cwd, "pybun.lockb"));

/** A project with its environment, at the older versions; then newer ones are asked for. */
async function begin(): Promise<Place> {
  const place = createPlace({ index });
  place.write({ "pyproject.toml": asking("==1.0") });
  const { exitCode, stderr } = await place.run(["install", "--no-install-project"]);
  assert.is(exitCode, 0, stderr);
  place.write({ "pyproject.toml": asking("==2.0") });
  return place;
}

/** A renewal killed after `delayMs`, then one that is left alone; what is wrong afterwards, or nothing. */
async function killedAfter(delayMs: number, newLock: Buffer): Promise<string | undefined> {
  const place = await begin();
  try {
    const oldLock = lockOf(place);
    const running = place.start(["install", "--no-install-project"]);
    const timer = setTimeout(() => running.kill("SIGKILL"), delayMs);
    await running.ended;
    clearTimeout(timer);
    if (![oldLock, newLock].some((lock) => lock.equals(lockOf(place))))
      return "a lock that is neither the old nor the new";
    const next = await place.run(["install", "--no-install-project"]);
    if (next.exitCode !== 0 || next.stderr !== "") return `exit code ${next.exitCode}: ${next.stderr}`;
    if (!newLock.equals(lockOf(place))) return "another lock than one that was never killed";
    const { stdout, stderr } = spawnSync(path.join(place.cwd, ".venv", "bin", "python"), ["-c", VERSIONS], {
      encoding: "utf8",
    });
    if (stdout !== "{'2.0'}\n") return `${stdout}${stderr}`;
    const left = place.leftovers();
    return left.length === 0 ? undefined : `left over: ${left.join(", ")}`;
  } finally {
    place.remove();
  }
}

test(`a project's renewal killed at any of ${MOMENTS} moments is completed by the next one, and nothing is lost`, async () => {
  const place = await begin();
  const whole = await place.run(["install", "--no-install-project"]);
  assert.is(whole.exitCode, 0, whole.stderr);
  const newLock = lockOf(place);
  place.remove();
  const faults: string[] = [];
  const queue = Array.from({ length: MOMENTS }, () => Math.random() * whole.durationMs);
  const worker = async (): Promise<void> => {
    for (let delayMs = queue.pop(); delayMs !== undefined; delayMs = queue.pop()) {
      const fault = await killedAfter(delayMs, newLock);
      if (fault !== undefined)
        faults.push(`killed after ${delayMs.toFixed(1)} of ${whole.durationMs.toFixed(0)} ms: ${fault}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  assert.equal(faults, []);
});

test.run();

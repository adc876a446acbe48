import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { createPlace } from "../harness/project.ts";
import type { Release } from "../harness/release.ts";

const MOMENTS = 50;
const AT_ONCE = 2;

/** Enough packages and files for every phase of an install to take its time. */
const packages: readonly Release[] = Array.from({ length: 12 }, (_, number) => ({
  name: `part-${number}`,
  version: "1.0",
  "console-scripts": { [`tool-${number}`]: `part_${number}:main` },
  files: Object.fromEntries(
    Array.from({ length: 25 }, (_, file) => [`part_${number}/m${file}.py`, `value = ${file}\n`.repeat(20)]).concat([
      [`part_${number}/__init__.py`, ""],
    ]),
  ),
}));
const requirements = packages.map(({ name }) => name);
const imports = packages.map((_, number) => `import part_${number}.m7`).join("\n");
const SCRIPT = `# /// script\n# dependencies = ${JSON.stringify(requirements)}\n# ///\n${imports}\nprint("complete")\n`;

const index = await startIndex({ packages });
test.after(() => index.stop());

/** One install killed after `delayMs`, then one that is left alone; what is wrong afterwards, or nothing. */
async function killedAfter(delayMs: number): Promise<string | undefined> {
  const place = createPlace({ index });
  try {
    place.write({ "s.py": SCRIPT });
    const running = place.start(["run", "s.py"]);
    const timer = setTimeout(() => running.kill("SIGKILL"), delayMs);
    await running.ended;
    clearTimeout(timer);
    const next = await place.run(["run", "s.py"]);
    if (next.stdout !== "complete\n" || next.exitCode !== 0) return `exit code ${next.exitCode}: ${next.stderr}`;
    if (next.stderr !== "") return `says ${next.stderr}`;
    const left = place.leftovers();
    return left.length === 0 ? undefined : `left over: ${left.join(", ")}`;
  } finally {
    place.remove();
  }
}

test(`an install killed at any of ${MOMENTS} moments is completed by the next run, and nothing is left over`, async () => {
  const place = createPlace({ index });
  place.write({ "s.py": SCRIPT });
  const whole = await place.run(["run", "s.py"]);
  place.remove();
  assert.is(whole.stdout, "complete\n", whole.stderr);
  const moments = Array.from({ length: MOMENTS }, () => Math.random() * whole.durationMs);
  const faults: string[] = [];
  const queue = [...moments];
  const worker = async (): Promise<void> => {
    for (let delayMs = queue.pop(); delayMs !== undefined; delayMs = queue.pop()) {
      const fault = await killedAfter(delayMs);
      if (fault !== undefined)
        faults.push(`killed after ${delayMs.toFixed(1)} of ${whole.durationMs.toFixed(0)} ms: ${fault}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  assert.equal(faults, []);
});

test.run();

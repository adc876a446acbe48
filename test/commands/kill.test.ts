import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { createPlace } from "../harness/project.ts";
import type { Release } from "../harness/release.ts";

const KILLS = 50;
const NAMES = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta"];

/** Eight packages, each needing the next one, with files and a command of their own. */
const packages: readonly Release[] = NAMES.map((name, at) => ({
  name,
  version: "1.0",
  requires: NAMES.slice(at + 1, at + 2),
  files: Object.fromEntries(
    [`${name}/__init__.py`, ...Array.from({ length: 20 }, (_, i) => `${name}/part${i}.py`)].map((file) => [
      file,
      `NAME = "${name}"\n`,
    ]),
  ),
  "console-scripts": { [`run-${name}`]: `${name}:main` },
}));
const SCRIPT = `# /// script\n# dependencies = ["alpha"]\n# ///\nimport ${NAMES.join(", ")}\nprint("ran")\n`;

test(`killed at ${KILLS} moments of an install, the next run succeeds and nothing is left over`, async () => {
  const index = await startIndex({ packages });
  const whole = createPlace({ index });
  whole.write({ "app.py": SCRIPT });
  const first = await whole.run(["run", "app.py"]);
  assert.is(first.stdout, "ran\n", first.stderr);
  whole.remove();
  try {
    for (let i = 0; i < KILLS; i++) {
      const place = createPlace({ index });
      try {
        place.write({ "app.py": SCRIPT });
        const running = place.start(["run", "app.py"]);
        // Spread over the whole run, start and program included; a run that was quicker has simply ended.
        const timer = setTimeout(() => running.kill("SIGKILL"), (first.durationMs * 1.1 * i) / KILLS);
        await running.ended;
        clearTimeout(timer);
        const next = await place.run(["run", "app.py"]);
        assert.equal([next.exitCode, next.stdout], [0, "ran\n"], `kill ${i}: ${next.stderr}`);
        assert.equal(place.leftovers(), [], `kill ${i}`);
      } finally {
        place.remove();
      }
    }
  } finally {
    await index.stop();
  }
});

test.run();

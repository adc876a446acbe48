import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Lock } from "../../plugin-api/model/lock.ts";
import { withoutRoots } from "../../plugins/lock/without-roots.ts";
import { lock } from "../../plugins/resolver/universal/lock.fixture.ts";
import type { Release } from "../harness/release.ts";

const test = suite("locks of projects that require less");
const RUNS = Number(process.env["RUNS"] ?? 200);

const NAMES = ["a", "b", "c", "d", "e", "f"];
const asking = fc
  .tuple(
    fc.constantFrom(...NAMES),
    fc.constantFrom("", "", "", "[x]", "[y]", "[x,y]"),
    fc.constantFrom("", "", "", "", "", "", "<3", ">=2", "!=2", ">=3rc1"),
    fc.constantFrom("", "", "", "", "; sys_platform == 'win32'", "; python_version < '3.11'"),
  )
  .map((parts) => parts.join(""));
const requirements = (most: number) => fc.array(asking, { maxLength: most });
const release = fc.record({
  name: fc.constantFrom(...NAMES),
  version: fc.constantFrom("1", "2", "3", "4", "4.1rc1"),
  requires: requirements(2),
  extras: fc.record({ x: requirements(2), y: requirements(1) }, { requiredKeys: [] }),
  "requires-python": fc.constantFrom(">=3.8", ">=3.8", ">=3.11"),
  yanked: fc.constantFrom(false, false, false, false, false, false, true),
});
const universe = fc
  .uniqueArray(release, { minLength: 14, maxLength: 24, selector: ({ name, version }) => `${name} ${version}` })
  .map((list): Release[] => list.map((one) => ({ ...one, sdist: true })));
const project = fc.record({
  index: universe,
  requires: fc.uniqueArray(asking, { minLength: 2, maxLength: 4 }),
  groups: fc.record({ dev: requirements(2) }, { requiredKeys: [] }),
  policy: fc.record(
    {
      resolution: fc.constantFrom("highest" as const, "lowest" as const, "lowest-direct" as const),
      prerelease: fc.constantFrom("allow" as const, "if-necessary" as const),
    },
    { requiredKeys: [] },
  ),
});

/** What a lock's file holds of it: how it came to be is another matter. */
const written = ({ attempts: _a, consulted: _c, warnings: _w, ...rest }: Lock): string => JSON.stringify(rest);

test("what is left without some requirements is what a resolution that prefers it would choose", async () => {
  const seen = { known: 0, smaller: 0, extras: 0, forks: 0 };
  await fc.assert(
    fc.asyncProperty(project, fc.nat(), async (asked, seed) => {
      const before = await lock(asked);
      if (before.error) return;
      const gone = asked.requires[seed % asked.requires.length]!;
      const requires = asked.requires.filter((text) => text !== gone);
      const roots = before.lock.roots.filter(
        ({ owner, requirement }) => owner.kind !== "project" || requires.includes(requirement),
      );
      const left = withoutRoots(before.lock, roots);
      if (!left) return;
      const solved = await lock({ ...asked, requires, previous: before.lock });
      assert.is(written(left), written(solved.lock));
      seen.known++;
      if (left.packages.length < before.lock.packages.length) seen.smaller++;
      if (left.forks.length > 0) seen.forks++;
      if (left.packages.some(({ extras }) => extras.length > 0)) seen.extras++;
    }),
    { numRuns: 2 * RUNS },
  );
  assert.ok(Math.min(...Object.values(seen)) > RUNS / 20, JSON.stringify(seen));
});

test.run();

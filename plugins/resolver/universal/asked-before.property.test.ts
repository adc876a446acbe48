import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { PybunError } from "../../../plugin-api/error.ts";
import type { ResolutionPolicy } from "../../../plugin-api/model/resolution.ts";
import type { Session } from "../../../plugin-api/session.ts";
import { fakeIndex } from "../../../test/harness/fake-index.ts";
import type { Release } from "../../../test/harness/release.ts";
import { type Asked, requestOf } from "./lock.fixture.ts";
import performLock from "./lock.ts";

const test = suite("locks one after the other");
const RUNS = Number(process.env["RUNS"] ?? 100);

const NAMES = ["a", "b", "c", "d"];
const TAGS = ["py3-none-any", "cp311-none-any", "cp312-cp312-win_amd64", "cp310-abi3-manylinux_2_17_x86_64"];
const requirement = fc
  .tuple(
    fc.constantFrom(...NAMES),
    fc.constantFrom("", "", "[x]"),
    fc.constantFrom("", "", ">=2", "<3", "!=2"),
    fc.constantFrom("", "", "; python_version >= '3.11'", "; sys_platform == 'win32'"),
  )
  .map((parts) => parts.join(""));
const release = fc.record({
  name: fc.constantFrom(...NAMES),
  version: fc.constantFrom("1", "2", "3", "4rc1"),
  requires: fc.array(requirement, { maxLength: 2 }),
  extras: fc.record({ x: fc.array(requirement, { maxLength: 1 }) }, { requiredKeys: [] }),
  "requires-python": fc.constantFrom(">=3.8", ">=3.8", ">=3.11", ">=3.12"),
  sdist: fc.boolean(),
  tags: fc.uniqueArray(fc.constantFrom(...TAGS), { minLength: 1, maxLength: 3 }),
  yanked: fc.constantFrom(false, false, false, true),
});
const index: fc.Arbitrary<readonly Release[]> = fc.uniqueArray(release, {
  minLength: 6,
  maxLength: 16,
  selector: ({ name, version }) => `${name} ${version}`,
});
const policy: fc.Arbitrary<Partial<ResolutionPolicy>> = fc.record(
  {
    resolution: fc.constantFrom("highest" as const, "lowest" as const),
    prerelease: fc.constantFrom("allow" as const, "disallow" as const),
    noBuild: fc.constantFrom([], [":all:"], ["a"]),
    noBinary: fc.constantFrom([], ["b"]),
    excludeNewerMs: fc.constantFrom(Date.UTC(2024, 0, 1), Date.UTC(2025, 0, 1)),
  },
  { requiredKeys: [] },
);
const question = fc.record(
  {
    requires: fc.array(requirement, { minLength: 1, maxLength: 3 }),
    python: fc.constantFrom(">=3.9", ">=3.11", ">=3.12,<3.14"),
    policy,
    requiredEnvironments: fc.constantFrom([], ["sys_platform == 'win32'"]),
  },
  { requiredKeys: ["requires"] },
);

/** A session that gives the same objects for the same questions, as one does whose process keeps what it opened. */
function keeping(session: Session): Session {
  const answers = new Map<string, Promise<unknown>>();
  const run: Session["run"] = (stage, input) => {
    const key = JSON.stringify([stage, input]);
    let answer = answers.get(key);
    if (!answer) answers.set(key, (answer = session.run(stage, input)));
    return answer as ReturnType<typeof session.run<typeof stage>>;
  };
  return { ...session, run };
}

async function answerTo(asked: Asked, session: Session): Promise<string> {
  try {
    return JSON.stringify(await performLock(requestOf(asked), session));
  } catch (error) {
    if (error instanceof PybunError) return `${error.code} ${error.message}`;
    throw error;
  }
}

test("no answer depends on what was asked before", async () => {
  let locks = 0;
  await fc.assert(
    fc.asyncProperty(index, fc.array(question, { minLength: 2, maxLength: 4 }), async (releases, questions) => {
      const kept = keeping(fakeIndex({ indexes: { company: releases } }).session);
      for (const each of questions) {
        const asked = { ...each, index: releases };
        const fresh = await answerTo(asked, fakeIndex({ indexes: { company: releases } }).session);
        if (fresh.startsWith("{")) locks++;
        assert.is(await answerTo(asked, kept), fresh);
      }
    }),
    { numRuns: RUNS },
  );
  assert.ok(locks > RUNS / 2, `${locks} locks`);
});

test.run();

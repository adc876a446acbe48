import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { PybunError } from "../../../plugin-api/error.ts";
import { DEFAULT_POLICY, type ResolutionPolicy } from "../../../plugin-api/model/resolution.ts";
import { parseRequirement } from "../../../plugin-api/python/requirement.ts";
import type { Session } from "../../../plugin-api/session.ts";
import { fakeIndex, linuxTarget } from "../../../test/harness/fake-index.ts";
import type { Release } from "../../../test/harness/release.ts";
import performResolve from "../resolve.ts";
import { requestOf } from "./lock.fixture.ts";
import performLock from "./lock.ts";

const test = suite("questions one after the other");
const RUNS = Number(process.env["RUNS"] ?? 60);

const NAMES = ["a", "b", "c", "d"];
const TAGS = ["py3-none-any", "cp311-none-any", "cp312-cp312-win_amd64", "cp310-abi3-manylinux_2_17_x86_64"];
const requirement = fc
  .tuple(
    fc.constantFrom(...NAMES),
    fc.constantFrom("", "", "[x]"),
    fc.constantFrom("", "", "==2", ">=2", "<3", "!=2"),
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
  yanked: fc.constantFrom(false, false, true),
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

type Question = typeof question extends fc.Arbitrary<infer Q> ? Q : never;

const lockFor = (asked: Question, index: readonly Release[], session: Session): unknown =>
  performLock(requestOf({ ...asked, index }), session);

/** For one environment, whose Python is the lowest of the question's. */
function resolutionFor({ requires, python = ">=3.9", policy = {} }: Question, session: Session): unknown {
  const demands = requires.map((text) => ({ requirement: parseRequirement(text), text, origin: "" }));
  const target = linuxTarget(`${/3\.\d+/.exec(python)![0]}.0`);
  return performResolve({ demands, target, policy: { ...DEFAULT_POLICY, ...policy } }, session);
}

async function answerTo(ask: () => unknown): Promise<string> {
  try {
    return JSON.stringify(await ask());
  } catch (error) {
    if (error instanceof PybunError) return `${error.code} ${error.message}`;
    throw error;
  }
}

test("no answer depends on what was asked before", async () => {
  let answers = 0;
  await fc.assert(
    fc.asyncProperty(index, fc.array(question, { minLength: 2, maxLength: 4 }), async (releases, questions) => {
      const fresh = (): Session => fakeIndex({ indexes: { company: releases } }).session;
      const kept = keeping(fresh());
      for (const each of questions) {
        const lock = await answerTo(() => lockFor(each, releases, fresh()));
        assert.is(await answerTo(() => lockFor(each, releases, kept)), lock);
        const resolution = await answerTo(() => resolutionFor(each, fresh()));
        assert.is(await answerTo(() => resolutionFor(each, kept)), resolution);
        for (const answer of [lock, resolution]) if (answer.startsWith("{")) answers++;
      }
    }),
    { numRuns: RUNS },
  );
  assert.ok(answers > RUNS / 2, `${answers} answers`);
});

test("a withdrawn release is there for whoever pins it, and for nobody else, in any order", async () => {
  const releases = [
    { name: "a", version: "1" },
    { name: "a", version: "2", yanked: true },
  ];
  const kept = keeping(fakeIndex({ indexes: { company: releases } }).session);
  const versionFor = async (...requires: readonly string[]): Promise<string | undefined> =>
    /"version":"(\d)"/.exec(await answerTo(() => resolutionFor({ requires: [...requires] }, kept)))?.[1];
  for (let round = 0; round < 2; round++) {
    assert.is(await versionFor("a"), "1");
    assert.is(await versionFor("a==2"), "2");
  }
});

test.run();

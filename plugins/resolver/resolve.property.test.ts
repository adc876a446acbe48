import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { PybunError } from "../../plugin-api/error.ts";
import { DEFAULT_POLICY, type Resolution } from "../../plugin-api/model/resolution.ts";
import { parseRequirement } from "../../plugin-api/python/requirement.ts";
import { parseSpecifier, satisfies } from "../../plugin-api/python/specifier.ts";
import { fakeIndex, linuxTarget } from "../../test/harness/fake-index.ts";
import type { Release } from "../../test/harness/release.ts";
import resolve from "./resolve.ts";

const test = suite("resolver against brute force");

const NAMES = ["a", "b", "c", "d", "e"];
const VERSIONS = ["1.0", "1.5", "2.0", "3.0b1", "3.0"];
const SPECIFIERS = ["", "", "==1.0", "==2.0", "==3.0b1", ">=1.5", "<2", ">1.0,<3", "!=2.0", "~=1.0", "==1.*", ">=3"];
const MARKERS = ["", "", "", '; sys_platform == "linux"', '; sys_platform == "win32"', '; python_version < "3.12"'];

const requirement = fc
  .tuple(
    fc.constantFrom(...NAMES),
    fc.constantFrom("", "", "", "[x]", "[y]", "[x,y]"),
    fc.constantFrom(...SPECIFIERS),
    fc.constantFrom(...MARKERS),
  )
  .map(([name, extras, specifier, marker]) => `${name}${extras}${specifier} ${marker}`.trim());
const requirements = (most: number) => fc.array(requirement, { maxLength: most });

const release = fc.record({
  name: fc.constantFrom(...NAMES),
  version: fc.constantFrom(...VERSIONS),
  requires: requirements(2),
  extras: fc.record({ x: requirements(2), y: requirements(1) }, { requiredKeys: [] }),
  yanked: fc.constantFrom(false, false, false, false, true),
  python: fc.constantFrom(">=3.8", ">=3.8", ">=3.13"),
});
const universe = fc
  .uniqueArray(release, { maxLength: 20, minLength: 6, selector: ({ name, version }) => `${name} ${version}` })
  .map((list): Release[] => list.map(({ python, ...rest }) => ({ ...rest, "requires-python": python })));
const various = fc.record({
  universe,
  roots: fc.array(requirement, { minLength: 1, maxLength: 3 }),
  constraints: requirements(1),
});
type Problem = typeof various extends fc.Arbitrary<infer T> ? T : never;

/** All versions of all packages, narrow requirements: many conflicts, and clauses learned from clauses learned. */
const NARROW = ["==1", "==2", "==3", "==4", "<2", "<3", ">2", ">3", "!=1", "!=2", "!=3", "!=4", ">1,<4"];
const DENSE_NAMES = ["a", "b", "c", "d", "e", "f", "g"];
const narrow = fc
  .tuple(fc.constantFrom(...DENSE_NAMES), fc.constantFrom(...NARROW))
  .map(([name, specifier]) => name + specifier);
const dense = fc
  .array(fc.array(narrow, { minLength: 1, maxLength: 3 }), {
    minLength: 4 * DENSE_NAMES.length,
    maxLength: 4 * DENSE_NAMES.length,
  })
  .map((lists): Problem => {
    const universe = lists.map((requires, i) => ({
      name: DENSE_NAMES[i >> 2]!,
      version: String(1 + (i & 3)),
      requires: requires.filter((text) => !text.startsWith(DENSE_NAMES[i >> 2]!)),
      extras: {},
      yanked: false,
      "requires-python": ">=3.8",
    }));
    return { universe, roots: ["a", "b"], constraints: [] };
  });
const problem = fc.oneof(various, dense);

const TARGET = linuxTarget("3.12.4");
const demandsOf = (texts: readonly string[], what: string) =>
  texts.map((text, i) => ({ requirement: parseRequirement(text), text, origin: `${what} ${i}` }));

/** Answers in an order of its own for every seed. */
async function ask({ universe, roots, constraints }: Problem, seed: number): Promise<Resolution | PybunError> {
  let state = seed;
  const delay = async (): Promise<void> => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fff_ffff;
    for (let ticks = state % 7; ticks > 0; ticks--) await Promise.resolve();
  };
  const index = fakeIndex({ indexes: { company: universe }, delay });
  const request = {
    demands: demandsOf(roots, "root"),
    constraints: demandsOf(constraints, "limit"),
    target: TARGET,
    policy: DEFAULT_POLICY,
  };
  try {
    const resolution = await resolve(request, index.session);
    assert.is(new Set(index.pages).size, index.pages.length, "a page is fetched once");
    assert.is(new Set(index.metadata).size, index.metadata.length, "metadata is fetched once");
    return resolution as Resolution;
  } catch (error) {
    if (error instanceof PybunError && error.code.startsWith("E_RESOLVE_")) return error;
    throw error;
  }
}

// What follows knows nothing of the resolver: markers by hand, versions by `satisfies`, search by trying everything.

interface Rule {
  readonly name: string;
  readonly extras: readonly string[];
  readonly specifier: string;
}
const applies = (text: string): boolean => !text.includes("win32") && !text.includes("<");
function rulesOf(texts: readonly string[]): Rule[] {
  return texts
    .filter((text) => applies(text.split(";")[1] ?? ""))
    .map((text) => parseRequirement(text.split(";")[0]!.trim()));
}
const admits = (specifier: string, version: string): boolean => satisfies(parseSpecifier(specifier), version);

class Oracle {
  readonly #problem: Problem;
  readonly #pins: readonly Rule[];
  readonly #constraints: readonly Rule[];

  constructor(problem: Problem) {
    this.#problem = problem;
    this.#constraints = rulesOf(problem.constraints);
    const own = [...rulesOf(problem.roots), ...this.#constraints];
    this.#pins = own.filter(({ specifier }) => /(^|,)==[^*]*(,|$)/.test(specifier));
  }

  isUsable({ name, version, yanked, "requires-python": python }: Release): boolean {
    const isPinned = this.#pins.some((rule) => rule.name === name && admits(rule.specifier, version));
    const isAllowed = this.#constraints.every((rule) => rule.name !== name || admits(rule.specifier, version));
    return isAllowed && python !== ">=3.13" && (!yanked || isPinned);
  }

  find(name: string, version: string): Release {
    return this.#problem.universe.find((one) => one.name === name && one.version === version)!;
  }

  /** Whether all rules can be met, given what has been chosen. */
  canMeet(rules: readonly Rule[], chosen: ReadonlyMap<string, Release>, done: ReadonlySet<string>): boolean {
    const [rule, ...rest] = rules;
    if (!rule) return true;
    const already = chosen.get(rule.name);
    const options = already ? [already] : this.#problem.universe.filter((one) => one.name === rule.name);
    return options.some((one) => {
      if (!admits(rule.specifier, one.version) || !this.isUsable(one)) return false;
      const fresh = ["", ...rule.extras].filter((extra) => !done.has(`${rule.name}[${extra}]`));
      const added = fresh.flatMap((extra) => rulesOf(requiredBy(one, extra)));
      const nowDone = new Set([...done, ...fresh.map((extra) => `${rule.name}[${extra}]`)]);
      return this.canMeet([...added, ...rest], new Map(chosen).set(rule.name, one), nowDone);
    });
  }
}
const requiredBy = (release: Release, extra: string): readonly string[] =>
  (extra === "" ? release.requires : release.extras?.[extra]) ?? [];

const isPossible = (problem: Problem): boolean =>
  new Oracle(problem).canMeet(rulesOf(problem.roots), new Map(), new Set());

/** The parties that an error names must be in conflict by themselves. */
function assertExplained(problem: Problem, error: PybunError): void {
  const { conflicts } = error.detail.context as { conflicts: { chain: { origin?: string }[] }[] };
  const named = new Set(conflicts.map(({ chain }) => chain[0]?.origin));
  const kept = (texts: readonly string[], what: string) => texts.filter((_, i) => named.has(`${what} ${i}`));
  if (named.size === 0) return;
  const part = { ...problem, roots: kept(problem.roots, "root") };
  const constraints = kept(problem.constraints, "constraint limit");
  // Without a yank's pin its release is out, so pins stay even where they are not named.
  assert.not(isPossible({ ...part, constraints }), `${[...named].join()} do not contradict: ${error.message}`);
}

/** Complains when a rule does not hold, or when a package is there that no rule asks for. */
function assertHolds(problem: Problem, resolution: Resolution): void {
  const oracle = new Oracle(problem);
  const pins = new Map(resolution.pins.map((pin) => [pin.name as string, pin]));
  const wanted = new Map<string, Set<string>>();
  const open = rulesOf(problem.roots);
  for (let rule = open.pop(); rule; rule = open.pop()) {
    const pin = pins.get(rule.name);
    assert.ok(pin, `${rule.name} is missing`);
    assert.ok(admits(rule.specifier, pin.version), `${rule.name}${rule.specifier} got ${pin.version}`);
    const known = wanted.get(rule.name) ?? new Set();
    wanted.set(rule.name, known);
    for (const extra of ["", ...rule.extras]) {
      if (known.has(extra)) continue;
      known.add(extra);
      open.push(...rulesOf(requiredBy(oracle.find(rule.name, pin.version), extra)));
    }
  }
  assert.equal([...pins.keys()].sort(), [...wanted.keys()].sort());
  for (const pin of pins.values()) {
    const release = oracle.find(pin.name, pin.version);
    assert.ok(oracle.isUsable(release), `${pin.name} ${pin.version} may not be used`);
    const extras = [...wanted.get(pin.name)!].filter((extra) => extra in (release.extras ?? {})).sort();
    // Extras without requirements are declared all the same.
    assert.equal([...pin.extras], extras);
  }
}

test("finds a resolution exactly when there is one, and it holds", async () => {
  let solved = 0;
  const RUNS = Number(process.env.RUNS ?? 200);
  await fc.assert(
    fc.asyncProperty(problem, fc.nat(), async (input, seed) => {
      const answer = await ask(input, seed);
      const again = await ask(input, seed + 1);
      if (answer instanceof PybunError) {
        assert.not(isPossible(input), "a resolution was missed");
        assertExplained(input, answer);
        assert.is(
          again instanceof PybunError && again.message,
          answer.message,
          "the order of answers changed the error",
        );
      } else {
        solved++;
        assertHolds(input, answer);
        assert.equal(again, answer, "the order of answers changed the resolution");
      }
    }),
    { numRuns: RUNS },
  );
  assert.ok(solved > RUNS / 10 && solved < RUNS * 0.9, `${solved} of ${RUNS} had a resolution`);
});

test.run();

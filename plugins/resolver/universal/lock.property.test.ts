import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { selectPins } from "../../../plugin-api/lock/select.ts";
import type { MarkerEnvironment, Target } from "../../../plugin-api/model/interpreter.ts";
import type { Lock } from "../../../plugin-api/model/lock.ts";
import type { Requirement } from "../../../plugin-api/model/requirement.ts";
import { DEFAULT_POLICY, type Resolution } from "../../../plugin-api/model/resolution.ts";
import { evaluateMarker } from "../../../plugin-api/python/marker.ts";
import { parseRequirement } from "../../../plugin-api/python/requirement.ts";
import { parseSpecifier, satisfies } from "../../../plugin-api/python/specifier.ts";
import { fakeIndex, linuxTarget } from "../../../test/harness/fake-index.ts";
import type { Release } from "../../../test/harness/release.ts";
import resolve from "../resolve.ts";
import { type Asked, lock } from "./lock.fixture.ts";

const test = suite("locks against what is asked");
const RUNS = Number(process.env["RUNS"] ?? 200);

const NAMES = ["a", "b", "c", "d", "e", "f"];
const SPECIFIERS = ["", "", "", "==1", "==2", ">=2", "<2", "<3", "!=2", ">=1,<3"];
const MARKERS = [
  "sys_platform == 'linux'",
  "sys_platform != 'linux'",
  "sys_platform == 'win32'",
  "python_version < '3.11'",
  "python_version >= '3.11'",
  "python_version >= '3.12'",
  "platform_machine == 'x86_64'",
  "platform_machine != 'x86_64'",
  "sys_platform == 'linux' and python_version < '3.12'",
  "sys_platform == 'darwin' or python_version >= '3.12'",
];
const opposite: Readonly<Record<string, string>> = { "==": "!=", "!=": "==", "<": ">=", ">=": "<" };
const negated = (marker: string): string => marker.replace(/==|!=|>=|</, (operator) => opposite[operator]!);

const subject = fc
  .tuple(fc.constantFrom(...NAMES), fc.constantFrom("", "", "", "[x]"), fc.constantFrom(...SPECIFIERS))
  .map((parts) => parts.join(""));
/** One requirement, or two of one package that hold in different places. */
const asking = fc.oneof(
  { weight: 3, arbitrary: subject.map((text) => [text]) },
  { weight: 2, arbitrary: fc.tuple(subject, fc.constantFrom(...MARKERS)).map(([text, when]) => [`${text}; ${when}`]) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(subject, fc.constantFrom(...SPECIFIERS), fc.constantFrom(...MARKERS.slice(0, 8)))
      .map(([text, other, when]) => [`${text}; ${when}`, `${text[0]}${other}; ${negated(when)}`]),
  },
);
const requirements = (most: number) => fc.array(asking, { maxLength: most }).map((lists) => lists.flat());

const release = fc.record({
  name: fc.constantFrom(...NAMES),
  version: fc.constantFrom("1", "2", "3"),
  requires: requirements(2),
  extras: fc.record({ x: requirements(1) }, { requiredKeys: [] }),
  python: fc.constantFrom(">=3.8", ">=3.8", ">=3.8", ">=3.11", ">=3.12"),
});
const universe = fc
  .uniqueArray(release, { minLength: 8, maxLength: 18, selector: ({ name, version }) => `${name} ${version}` })
  .map((list): Release[] => list.map(({ python, ...rest }) => ({ ...rest, sdist: true, "requires-python": python })));
const problem: fc.Arbitrary<Asked> = fc.record({
  index: universe,
  requires: fc.array(asking, { minLength: 1, maxLength: 3 }).map((lists) => lists.flat()),
  forkStrategy: fc.constantFrom("requires-python" as const, "fewest" as const),
});

const SYSTEMS: readonly Partial<MarkerEnvironment>[] = [
  {},
  { platform_machine: "aarch64" },
  { sys_platform: "darwin", platform_system: "Darwin", platform_machine: "arm64" },
  { sys_platform: "win32", platform_system: "Windows", os_name: "nt", platform_machine: "AMD64" },
];
const TARGETS: readonly Target[] = ["3.9.1", "3.11.0", "3.12.4", "3.14.0"].flatMap((python) =>
  SYSTEMS.map((system) => {
    const target = linuxTarget(python);
    return { ...target, markers: { ...target.markers, ...system } };
  }),
);

// What follows knows nothing of regions: it reads the releases' own requirements where they are to be installed.

function checkSelection({ index, requires = [] }: Asked, resolution: Resolution): void {
  const { target, pins } = resolution;
  const chosen = new Map(pins.map((pin) => [pin.name as string, pin]));
  const reached = new Set<string>();
  const open: string[] = [];
  const follow = (texts: readonly string[], from: string): void => {
    for (const text of texts) {
      const { name, extras, specifier, marker }: Requirement = parseRequirement(text);
      if (!evaluateMarker(marker, target.markers)) continue;
      const pin = chosen.get(name);
      assert.ok(pin, `${from} requires ${text}`);
      assert.ok(satisfies(parseSpecifier(specifier), pin.version), `${from} requires ${text}, not ${pin.version}`);
      for (const key of ["", ...extras].map((extra) => `${name}[${extra}]`)) {
        if (reached.has(key)) continue;
        reached.add(key);
        open.push(key);
      }
    }
  };
  follow(requires, "the project");
  for (let next = open.pop(); next; next = open.pop()) {
    const [name, extra] = next.slice(0, -1).split("[") as [string, string];
    const found = (index as readonly Release[]).find(
      (one) => one.name === name && one.version === chosen.get(name)?.version,
    )!;
    follow(extra === "" ? (found.requires ?? []) : (found.extras?.[extra] ?? []), next);
    const python = parseSpecifier(found["requires-python"]!);
    assert.ok(satisfies(python, target.python), `${next} requires Python ${python.text}`);
  }
  for (const name of chosen.keys()) assert.ok(reached.has(`${name}[]`), `nobody requires ${name}`);
}

function shuffledBy(seed: number): () => Promise<void> {
  let state = seed;
  return async () => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fff_ffff;
    for (let ticks = state % 7; ticks > 0; ticks--) await Promise.resolve();
  };
}

test("what a lock selects meets what is asked for, wherever it is installed", async () => {
  let locked = 0;
  let forked = 0;
  await fc.assert(
    fc.asyncProperty(problem, async (asked) => {
      const { lock: made, error } = await lock(asked);
      if (error) return;
      locked++;
      if (made.forks.length > 0) forked++;
      for (const target of TARGETS) checkSelection(asked, selectPins(made, target, { extras: [], groups: [] }));
    }),
    { numRuns: 2 * RUNS },
  );
  assert.ok(locked > RUNS / 10 && forked > RUNS / 100, `${locked} locks, ${forked} with forks`);
});

/** What a lock's file holds of it: how hard it was to make is another matter. */
const written = ({ attempts: _a, consulted: _c, warnings: _w, ...lock }: Lock) => lock;

test("a lock is the same whenever answers arrive, and when it is made again", async () => {
  await fc.assert(
    fc.asyncProperty(problem, fc.integer(), async (asked, seed) => {
      const first = await lock(asked);
      const other = await lock({ ...asked, delay: shuffledBy(seed) });
      assert.is(JSON.stringify(other.lock), JSON.stringify(first.lock));
      assert.is(other.error?.message, first.error?.message);
      if (first.error) return;
      const again = await lock({ ...asked, previous: first.lock, delay: shuffledBy(seed + 1) });
      assert.is(JSON.stringify(written(again.lock)), JSON.stringify(written(first.lock)));
    }),
    { numRuns: RUNS },
  );
});

/** In the order in which a universal resolution looks at them. */
const ordered = (texts: readonly string[]): readonly string[] =>
  texts.map((text) => text.split(";")[0]!).sort((a, b) => (a[0]! < b[0]! ? -1 : a[0]! > b[0]! ? 1 : 0));

test("without markers the answer is that for one environment", async () => {
  let same = 0;
  await fc.assert(
    fc.asyncProperty(problem, async ({ index, requires = [] }) => {
      const plain = (index as readonly Release[]).map((one) => ({
        ...one,
        requires: ordered(one.requires ?? []),
        extras: { x: ordered(one.extras?.["x"] ?? []) },
        "requires-python": ">=3.8",
      }));
      const made = await lock({ index: plain, requires: ordered(requires) });
      const session = fakeIndex({ indexes: { company: plain } }).session;
      const demands = ordered(requires).map((text) => ({ requirement: parseRequirement(text), text, origin: "" }));
      const request = { demands, target: TARGETS[0]!, policy: DEFAULT_POLICY };
      const resolution = await Promise.resolve(resolve(request, session)).catch(() => undefined);
      assert.is(made.error === undefined, resolution !== undefined);
      if (!resolution) return;
      const pinned = (lock: Lock) => lock.packages.map(({ name, version }) => `${name} ${version}`);
      assert.equal(
        pinned(made.lock),
        resolution.pins.map(({ name, version }) => `${name} ${version}`),
      );
      same++;
    }),
    { numRuns: RUNS },
  );
  assert.ok(same > RUNS / 10, String(same));
});

test.run();

import { PybunError } from "../../plugin-api/error.ts";
import type { MarkerEnvironment } from "../../plugin-api/model/interpreter.ts";
import type { Lock, LockRequest, RootOwner } from "../../plugin-api/model/lock.ts";
import type { Demand } from "../../plugin-api/model/requirement.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import { parseRequirement } from "../../plugin-api/python/requirement.ts";
import lock from "../../plugins/resolver/universal/lock.ts";
import { fakeIndex } from "../harness/fake-index.ts";
import { policyOf, releasesOf, type Scenario } from "./scenario.ts";
import { selectVersions } from "./select-versions.ts";

/** What is to be installed in some environments. */
export interface Selection {
  readonly packages: Readonly<Record<string, string>>;
  readonly environments: readonly string[];
  readonly choice?: { readonly extras?: readonly string[]; readonly groups?: readonly string[] };
}

export interface ExpectedLock {
  readonly ok: boolean;
  readonly selections?: readonly Selection[];
  readonly requiresPython: string;
  readonly environments: Readonly<Record<string, MarkerEnvironment>>;
}

/** Locks twice, the second time from the first lock, which must change nothing; complaints about what came out. */
export async function checkLock(scenario: Scenario, expected: ExpectedLock): Promise<string[]> {
  const request = requestFor(scenario, expected.requiresPython);
  const index = (): ReturnType<typeof fakeIndex> => fakeIndex({ indexes: { company: releasesOf(scenario) } });
  try {
    const first = (await lock(request, index().session)) as Lock;
    if (!expected.ok) return [`should have no answer, but got ${summary(first)}`];
    const again = (await lock({ ...request, previous: first }, index().session)) as Lock;
    const isStable = written(again) === written(first);
    return [
      ...wrongSelections(first, expected),
      ...(isStable ? [] : [`locking again changes ${summary(first)} to ${summary(again)}`]),
    ];
  } catch (error) {
    if (!(error instanceof PybunError) || !error.code.startsWith("E_RESOLVE_")) throw error;
    return expected.ok ? [`${error.code}: ${[error.message, ...(error.detail.evidence ?? [])].join(" | ")}`] : [];
  }
}

/** What a lock file holds of it: how hard it was to make is another matter. */
const written = ({ requiresPython, forks, packages, roots }: Lock): string =>
  JSON.stringify({ requiresPython, forks, packages, roots });

function wrongSelections(lock: Lock, { selections = [], environments }: ExpectedLock): string[] {
  return selections.flatMap(({ packages, environments: names, choice }) =>
    names.flatMap((name) => {
      const environment = environments[name];
      if (!environment) return [`the environment ${name} is not described`];
      const got = JSON.stringify(selectVersions(lock, environment, choice));
      const wanted = JSON.stringify(Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1))));
      return got === wanted ? [] : [`${name} should have ${wanted}, got ${got}`];
    }),
  );
}

const summary = (lock: Lock): string =>
  lock.packages.map(({ name, version, marker }) => `${name} ${version}${marker && ` (${marker})`}`).join(", ") +
  (lock.forks.length > 0 ? `; forks ${lock.forks.join(" | ")}` : "");

export function requestFor({ root = {}, resolver_options: options = {}, packages }: Scenario, requiresPython: string) {
  const project: RootOwner = { kind: "project", name: "", member: "" };
  const parts: (readonly [RootOwner, readonly string[]])[] = [
    [project, root.requires ?? []],
    ...Object.entries(root.optional ?? {}).map(
      ([name, list]) => [{ kind: "optional", name, member: "" }, list] as const,
    ),
    ...Object.entries(root.groups ?? {}).map(([name, list]) => [{ kind: "group", name, member: "" }, list] as const),
  ];
  return {
    roots: parts.flatMap(([owner, list]) => demands(list, "pyproject.toml").map((demand) => ({ owner, demand }))),
    constraints: demands(options.constraints, "constraints"),
    overrides: demands(options.overrides, "overrides"),
    exclusions: (options.exclusions ?? []).map(normalizeName),
    requiresPython,
    environments: options.environments ?? [],
    requiredEnvironments: options.required_environments ?? [],
    conflicts: (options.conflicts ?? []).map((set) =>
      set.map(({ extra, group }) => ({
        kind: extra === undefined ? ("group" as const) : ("optional" as const),
        name: extra ?? group!,
        member: "" as const,
      })),
    ),
    forkStrategy: options.fork_strategy ?? "requires-python",
    policy: policyOf({ root, resolver_options: options, ...(packages && { packages }) }),
  } satisfies LockRequest;
}

const demands = (texts: readonly string[] = [], origin: string): readonly Demand[] =>
  texts.map((text) => ({ requirement: parseRequirement(text), text, origin }));

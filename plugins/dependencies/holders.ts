import type { CurrentLock } from "../../plugin-api/lock/current.ts";
import type { Demand, Requirement } from "../../plugin-api/model/requirement.ts";
import type { Project } from "../../plugin-api/project/read-project.ts";
import { implies, pythonRange } from "../../plugin-api/python/marker-algebra.ts";
import { containsKey, parseSpecifier } from "../../plugin-api/python/specifier.ts";
import { versionKey } from "../../plugin-api/python/version-key.ts";
import { readableSpecifier } from "../../plugin-api/text/readable-specifier.ts";

/** What keeps a package below its newest release: words of the project's own, or another package. */
export interface Holder {
  /** `httpx<0.28`, or `starlette<1.8` of another package. */
  readonly requirement: string;
  /** `pyproject.toml:9`, or `fastapi 0.140.0`. */
  readonly origin: string;
  /** `itself`: what the newest release requires. */
  readonly kind: "project" | "package" | "itself" | "unknown";
}
interface Held {
  readonly name: string;
  readonly latest: string;
  /** Of the newest release. */
  readonly requiresPython: string;
  readonly requires: readonly Requirement[];
}

/** Who keeps a package from its newest release in a lock that was chosen anew; the project's own words first. */
export function holdersOf(
  { name, latest, requiresPython, requires }: Held,
  { lock, project }: CurrentLock,
): readonly Holder[] {
  const excludes = (specifier: string): boolean => !containsKey(parseSpecifier(specifier), versionKey(latest) ?? "");
  const own = demandsOn(name, project)
    .filter(({ requirement }) => requirement.url === undefined && excludes(requirement.specifier))
    .map(
      ({ requirement: { specifier }, origin }): Holder => ({
        requirement: name + readableSpecifier(specifier),
        origin,
        kind: "project",
      }),
    );
  const others = lock.packages.flatMap((each) =>
    each.dependencies.flatMap(({ to, specifier }): readonly Holder[] =>
      lock.packages[to]?.name === name && excludes(specifier)
        ? [
            {
              requirement: name + readableSpecifier(specifier),
              origin: `${each.name} ${each.version}`,
              kind: "package",
            },
          ]
        : [],
    ),
  );
  const found = [...own, ...others];
  if (found.length > 0) return distinct(found);
  const origin = `${name} ${latest}`;
  const unmet = requires.flatMap(({ name: other, specifier }): readonly Holder[] => {
    const versions = lock.packages.flatMap((each) => (each.name === other ? [each.version] : []));
    const admits = (version: string): boolean => containsKey(parseSpecifier(specifier), versionKey(version) ?? "");
    if (versions.length === 0 || versions.some(admits)) return [];
    return [{ requirement: other + readableSpecifier(specifier), origin, kind: "itself" }];
  });
  if (unmet.length > 0) return distinct(unmet);
  const isForSome = requiresPython !== "" && !implies(pythonRange(lock.requiresPython), pythonRange(requiresPython));
  return isForSome
    ? [{ requirement: `Python ${requiresPython}`, origin, kind: "itself" }]
    : [{ requirement: "", origin: "", kind: "unknown" }];
}

/** `httpx<0.28, pyproject.toml:9`, `fastapi 0.140.0 requires starlette<1.8`. */
export function holderWords({ kind, requirement, origin }: Holder): string {
  if (kind === "project") return `${requirement}, ${origin}`;
  return kind === "unknown" ? "what else is required" : `${origin} requires ${requirement}`;
}

/** `is held by httpx<0.28 (pyproject.toml:9)`, `is held by fastapi 0.140.0, which requires starlette<1.8`. */
export function heldWords({ kind, requirement, origin }: Holder): string {
  if (kind === "project") return `is held by ${requirement} (${origin})`;
  if (kind === "itself") return `requires ${requirement}`;
  return kind === "unknown"
    ? "is held by what else is required"
    : `is held by ${origin}, which requires ${requirement}`;
}

function demandsOn(name: string, { members, options }: Project): readonly Demand[] {
  const all = [
    ...members.flatMap(({ dependencies, optional, groups }) => [
      ...dependencies,
      ...[...optional.values()].flat(),
      ...[...groups.values()].flat(),
    ]),
    ...options.constraints,
    ...options.overrides,
    ...(options.workspace?.shared ?? []),
  ];
  return all.filter(({ requirement }) => requirement.name === name);
}

function distinct(holders: readonly Holder[]): readonly Holder[] {
  return [...new Map(holders.map((each) => [holderWords(each), each])).values()];
}

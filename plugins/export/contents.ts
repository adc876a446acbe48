import { PybunError } from "../../plugin-api/error.ts";
import type { Lock, LockedPackage, LockedRoot, RootOwner } from "../../plugin-api/model/lock.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import { nearest } from "../../plugin-api/nearest.ts";
import {
  ALWAYS,
  and,
  formatMarkerSet,
  type MarkerSet,
  markerSet,
  NEVER,
  or,
  pythonRange,
  restrictExtras,
  simplifyUnder,
  withoutExtras,
} from "../../plugin-api/python/marker-algebra.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import { usageError } from "../../plugin-api/usage.ts";
import { type OpenMarker, openMarkers } from "./open-choice.ts";
import { reach } from "./reach.ts";

/** What of a lock is exported. Absent lists leave the choice to who installs, where the form can hold it. */
export interface ExportChoice {
  readonly extras?: readonly string[] | "all";
  readonly groups?: readonly string[];
  readonly pruned: readonly string[];
}

/** A package to write, with where it applies among all environments of the lock. */
export interface Exported {
  readonly locked: LockedPackage;
  /** Index into the lock's packages. */
  readonly index: number;
  readonly set: MarkerSet;
  /** Canonical; empty for all environments of the lock. */
  readonly marker: string;
}

/** An export before it takes a form. */
export interface Contents {
  readonly lock: Lock;
  /** In the lock's order: by name, then version. */
  readonly packages: readonly Exported[];
  /** What the parts of the project that are exported ask for. */
  readonly roots: readonly LockedRoot[];
  /** Markers of which one holds in every environment of the lock; empty for all environments. */
  readonly environments: readonly string[];
  /** All environments of the lock. */
  readonly scope: MarkerSet;
  /** Extras and groups that are left to choose. */
  readonly extras: readonly string[];
  readonly groups: readonly string[];
}

/** The packages of a lock that a choice leads to. Throws `E_USAGE` for names the lock does not know. */
export function contentsOf(given: Lock, choice: ExportChoice): Contents {
  const lock = withPlainNames(given);
  const named = namesOf(lock);
  checkNames("extra", choice.extras === "all" ? [] : choice.extras, named.optional);
  checkNames("group", choice.groups, named.group);
  checkNames("package", choice.pruned, new Set(lock.packages.map(({ name }) => name)));
  const isOpen = choice.extras === undefined && choice.groups === undefined;
  const pruned = new Set(choice.pruned.map(normalizeName));
  const environments = environmentsOf(lock);
  const scope = and(
    pythonRange(lock.requiresPython),
    environments.length === 0 ? ALWAYS : or(...environments.map(markerSet)),
  );
  const markers = isOpen ? openMarkers(lock, pruned, scope) : chosenMarkers(lock, { choice, pruned, scope, named });
  const packages = markers.flatMap(({ set, marker }, index): readonly Exported[] =>
    set === NEVER ? [] : [{ locked: lock.packages[index]!, index, set, marker }],
  );
  return {
    lock,
    packages,
    roots: isOpen ? lock.roots : lock.roots.filter(({ owner }) => isChosen(owner, choice)),
    environments,
    scope,
    extras: isOpen ? [...named.optional].sort() : [],
    groups: isOpen ? [...named.group].sort() : [],
  };
}

/**
 * Markers of a workspace's lock name an extra or group that conflicts with another as `member:name`, a word no other tool
 * knows. An export takes the extras of that name of all members at once, so the bare name says the same.
 */
function withPlainNames(lock: Lock): Lock {
  const plain = (marker: string): string =>
    marker.replace(/"[^":]+:([^":]+)" (not in|in) (extras|dependency_groups)/g, '"$1" $2 $3');
  return {
    ...lock,
    forks: lock.forks.map(plain),
    packages: lock.packages.map((each) => ({
      ...each,
      marker: plain(each.marker),
      dependencies: each.dependencies.map((edge) => ({ ...edge, marker: plain(edge.marker) })),
    })),
    roots: lock.roots.map((root) => ({ ...root, marker: plain(root.marker) })),
  };
}

interface Chosen {
  readonly choice: ExportChoice;
  readonly pruned: ReadonlySet<PackageName>;
  readonly scope: MarkerSet;
  readonly named: ReturnType<typeof namesOf>;
}

function chosenMarkers(lock: Lock, { choice, pruned, scope, named }: Chosen): readonly OpenMarker[] {
  const { extras = [], groups = [] } = choice;
  const activated = { extras: extras === "all" ? [...named.optional] : extras, dependencyGroups: groups };
  const wanted = (owner: RootOwner): MarkerSet => (isChosen(owner, choice) ? ALWAYS : NEVER);
  return reach(lock, { wanted, pruned }).map((reached) => {
    // Markers of parts that conflict test what is chosen.
    const set = and(restrictExtras(reached, activated), scope);
    return { set, marker: set === NEVER ? "" : formatMarkerSet(simplifyUnder(set, scope)) };
  });
}

function isChosen({ kind, name }: RootOwner, { extras = [], groups = [] }: ExportChoice): boolean {
  if (kind === "optional") return extras === "all" || extras.map(normalizeName).includes(name as PackageName);
  return kind !== "group" || groups.map(normalizeName).includes(name as PackageName);
}

function namesOf({ roots, meta }: Lock): {
  readonly optional: ReadonlySet<string>;
  readonly group: ReadonlySet<string>;
} {
  const names = { optional: new Set<string>(), group: new Set<string>() };
  for (const { owner } of roots)
    if (owner.kind === "optional" || owner.kind === "group") names[owner.kind].add(owner.name);
  // Those that require nothing have no roots; the lock's inputs know of them.
  for (const key of Object.keys(meta)) {
    const [, kind, name] = /^inputs\/(optional|group)\/([^/]+)/.exec(key) ?? [];
    if (kind !== undefined && name !== undefined) names[kind as "optional" | "group"].add(name);
  }
  return names;
}

function checkNames(what: string, typed: readonly string[] = [], known: ReadonlySet<string>): void {
  for (const name of typed) {
    if (known.has(normalizeName(name))) continue;
    const near = nearest(normalizeName(name), known);
    const there = known.size === 0 ? `it has no ${what}` : `its ${what}s: ${[...known].sort().slice(0, 12).join(", ")}`;
    throw usageError(
      "export",
      `the lock knows no ${what} \`${name}\`; ${near === undefined ? there : `did you mean \`${near}\`?`}`,
    );
  }
}

/** What narrows the lock: the environments asked for, else its forks where they leave something out. */
function environmentsOf({ meta, forks, requiresPython }: Lock): readonly string[] {
  const asked = settingsOf(meta)["environments"];
  if (typeof asked === "string" && asked !== "") return asked.split("\n");
  // Of an environment nobody asks which extras are chosen in it.
  const places = [...new Set(forks.map((fork) => withoutExtras(markerSet(fork))))];
  const covers = forks.length === 0 || simplifyUnder(or(...places), pythonRange(requiresPython)) === ALWAYS;
  return covers ? [] : places.map(formatMarkerSet);
}

function settingsOf({ settings = "{}" }: Lock["meta"]): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(settings);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** `E_LOCK_INCOMPLETE`, of a package that has not what the form needs. */
export const incomplete = ({ name, version }: LockedPackage, why: string): PybunError =>
  new PybunError("E_LOCK_INCOMPLETE", `${name} ${version} ${why}`, { hints: ["lock again: `pybun lock`"] });

import type { Lock, LockedPackage } from "../model/lock.ts";
import type { PackageName } from "../model/requirement.ts";
import { versionKey } from "../python/version-key.ts";
import { byText } from "./canonical.ts";

/** A package whose versions both sides of a merge changed, each in its own way. */
export interface PinConflict {
  readonly name: PackageName;
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
  /** The side whose versions are kept: that with the higher one. */
  readonly kept: "ours" | "theirs";
}

/** What two sides of a merge make of a lock, for a resolution to start from (`LockRequest.previous`). Not to be written. */
export interface MergedPins {
  /** Packages with their versions and markers; without roots and dependencies, which the resolution finds anew. */
  readonly preferences: Lock;
  readonly conflicts: readonly PinConflict[];
}

/**
 * Merges the pins of two locks (SPEC LOCK-05): of each package those of the side that changed them since the ancestor, of two
 * different changes those with the higher version. Pure. Without an ancestor everything counts as changed.
 */
export function mergeLockPins(ancestor: Lock | undefined, ours: Lock, theirs: Lock): MergedPins {
  const [old, own, other] = [byName(ancestor), byName(ours), byName(theirs)];
  const conflicts: PinConflict[] = [];
  const packages: LockedPackage[] = [];
  for (const name of [...new Set([...own.keys(), ...other.keys()])].sort(byText)) {
    const sides = { old: old.get(name) ?? [], ours: own.get(name) ?? [], theirs: other.get(name) ?? [] };
    const kept = keptSide(sides);
    if (isConflict(sides)) conflicts.push({ name, ours: versions(sides.ours), theirs: versions(sides.theirs), kept });
    packages.push(...sides[kept].map((each) => ({ ...each, dependencies: [] })));
  }
  const forks = threeWay([ancestor?.forks ?? [], ours.forks, theirs.forks], (side) => side.join("\n")) ?? [];
  return { preferences: { requiresPython: ours.requiresPython, forks, packages, roots: [], meta: {} }, conflicts };
}

type Pins = readonly LockedPackage[];
interface Sides {
  readonly old: Pins;
  readonly ours: Pins;
  readonly theirs: Pins;
}

function byName(lock: Lock | undefined): ReadonlyMap<PackageName, Pins> {
  const found = new Map<PackageName, LockedPackage[]>();
  for (const each of lock?.packages ?? []) {
    const known = found.get(each.name);
    if (known) known.push(each);
    else found.set(each.name, [each]);
  }
  return found;
}

const identity = (pins: Pins): string =>
  JSON.stringify(pins.map(({ version, source, marker }) => [version, source, marker]));

/** What was changed on one side only, or alike on both; undefined for two different changes. */
function threeWay<T>([old, ours, theirs]: readonly [T, T, T], textOf: (side: T) => string): T | undefined {
  const [before, own, other] = [old, ours, theirs].map(textOf);
  if (own === other || other === before) return ours;
  return own === before ? theirs : undefined;
}

const isConflict = ({ old, ours, theirs }: Sides): boolean =>
  ours.length > 0 && theirs.length > 0 && threeWay([old, ours, theirs], identity) === undefined;

function keptSide({ old, ours, theirs }: Sides): "ours" | "theirs" {
  const clear = threeWay([old, ours, theirs], identity);
  if (clear !== undefined) return clear === ours ? "ours" : "theirs";
  return highestKey(theirs) > highestKey(ours) ? "theirs" : "ours";
}

/** Empty, which is below all keys, for a package that is not there. */
const highestKey = (pins: Pins): string =>
  pins
    .map(({ version }) => versionKey(version) ?? "")
    .sort(byText)
    .at(-1) ?? "";

const versions = (pins: Pins): readonly string[] => [...new Set(pins.map(({ version }) => version))];

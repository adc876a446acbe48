import { InvalidSyntax } from "../../error.ts";
import type { Lock, LockedPackage } from "../../model/lock.ts";
import type { PackageName } from "../../model/requirement.ts";
import { formatMarkerSet, type MarkerSet, markerSet, NEVER, or, withoutExtras } from "../../python/marker-algebra.ts";
import { versionKey } from "../../python/version-key.ts";
import type { GitPin } from "./git-pin.ts";

/** A version that another tool's lock chose for a package, and where. */
export interface Pin {
  readonly name: PackageName;
  readonly version: string;
  /** Canonical; empty for everywhere. */
  readonly marker: string;
  /** The commit, where it comes from a repository; otherwise it is a release of an index. */
  readonly git?: GitPin;
}

/** Of a commit whose project says its version only when it is built. */
export const NO_VERSION = "0";

/** The pins, each once, as a lock that says nothing but versions and commits, to be `LockRequest.previous`. */
export function lockOfPins(pins: readonly Pin[]): Lock {
  const distinct = new Map(pins.map((pin) => [`${pin.name} ${pin.version} ${pin.marker}`, pin]));
  const packages = [...distinct.values()]
    .sort(
      (a, b) =>
        compare(a.name, b.name) ||
        compare(versionKey(a.version) ?? "", versionKey(b.version) ?? "") ||
        compare(a.marker, b.marker),
    )
    .map(
      ({ name, version, marker, git }): LockedPackage => ({
        name,
        version,
        source: git ?? { kind: "index", index: "" },
        marker,
        requiresPython: "",
        files: [],
        extras: [],
        dependencies: [],
      }),
    );
  return { requiresPython: "", forks: [], packages, roots: [], meta: {} };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The marker of the places where any of the markers holds, whatever is chosen of extras; undefined where none ever does. */
export function anyOf(markers: readonly string[]): string | undefined {
  if (markers.length === 0) return "";
  const set = or(...markers.map(readable));
  const places = withoutExtras(set);
  return places === NEVER ? undefined : formatMarkerSet(places);
}

/** A marker that nobody understands says nothing about where. */
function readable(marker: string): MarkerSet {
  try {
    return markerSet(marker);
  } catch (error) {
    if (error instanceof InvalidSyntax) return markerSet("");
    throw error;
  }
}

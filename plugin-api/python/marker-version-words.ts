import { BEYOND_KEYS, LOWEST_KEY, nextNumber } from "./version-key.ts";
import { readPoint, type VersionPoint } from "./version-point.ts";

/** Keys of the points where versions begin and, exclusively, end. */
export type Interval = readonly [low: string, high: string];

/** A comparison in words. */
export interface Wording {
  /** The marker variable; `python_version` for the full version where both say the same. */
  readonly subject: string;
  readonly operator: string;
  readonly text: string;
}

/** The intervals between points, by the places of their children. Those side by side are one. */
export function intervalsAt(points: readonly string[], places: readonly number[]): readonly Interval[] {
  const intervals: Interval[] = [];
  for (const place of places) {
    const low = place === 0 ? LOWEST_KEY : points[place - 1]!;
    const high = points[place] ?? BEYOND_KEYS;
    const last = intervals.at(-1);
    if (last !== undefined && last[1] === low) intervals[intervals.length - 1] = [last[0], high];
    else intervals.push([low, high]);
  }
  return intervals;
}

/** An interval as `==`, or what lies outside of it as `!=`, when one comparison says that; else undefined. */
export function oneComparison(subject: string, operator: "==" | "!=", interval: Interval): Wording | undefined {
  const [low, high] = interval;
  if (low === LOWEST_KEY || high === BEYOND_KEYS) return undefined;
  const [start, end] = [readPoint(low), readPoint(high)];
  const version =
    start.at === "start" ? releaseText(start, end) : isNeighbour(start, end) ? pointText(start) : undefined;
  if (version === undefined) return undefined;
  // `python_version == "3.9"` is `python_full_version == "3.9.*"`.
  const isMinor = subject === "python_full_version" && start.at === "start" && !version.endsWith(".0.*");
  return isMinor
    ? { subject: "python_version", operator, text: version.replace(/(\..*)\.\*$/, "$1") }
    : { subject, operator, text: version };
}

/** The release that lies between two points, as `3.9.*`. */
function releaseText({ release: [major, minor] }: VersionPoint, end: VersionPoint): string | undefined {
  if (isAt(end, "final", [major, minor, "1"])) return `${major}.${minor}.0.*`;
  if (isAt(end, "start", [major, nextNumber(minor)])) return `${major}.${minor}.*`;
  return minor === "0" && isAt(end, "start", [nextNumber(major), "0"]) ? `${major}.*` : undefined;
}

const isAt = (point: VersionPoint, at: "start" | "final", release: readonly string[]): boolean =>
  point.at === at && release.every((number, i) => number === point.release[i]);

/** Whether nothing but the first point's version lies between two. */
function isNeighbour(low: VersionPoint, high: VersionPoint): boolean {
  const [major, minor, patch] = low.release;
  if (typeof low.at !== "object") return isAt(high, "final", [major, minor, nextNumber(patch)]);
  if (typeof high.at !== "object" || low.release.join() !== high.release.join()) return false;
  return low.at.phase === high.at.phase && high.at.number === nextNumber(low.at.number);
}

/** The version of a point; of a start, the release without its patch. */
function pointText({ release: [major, minor, patch], at }: VersionPoint): string {
  if (typeof at === "object") return `${major}.${minor}.${patch}${at.phase}${at.number}`;
  return patch === "0" ? `${major}.${minor}` : `${major}.${minor}.${patch}`;
}

/** The comparisons that hold together in an interval and nowhere else. */
export function boundsOf(subject: string, interval: Interval): readonly Wording[] {
  const equal = oneComparison(subject, "==", interval);
  if (equal !== undefined) return [equal];
  const [low, high] = interval;
  return [
    ...(low === LOWEST_KEY ? [] : [lowerBound(subject, readPoint(low))]),
    ...(high === BEYOND_KEYS ? [] : upperBound(subject, readPoint(high))),
  ];
}

function lowerBound(subject: string, point: VersionPoint): Wording {
  if (point.at !== "start") return { subject, operator: ">=", text: pointText(point) };
  return subject === "python_full_version"
    ? { subject: "python_version", operator: ">=", text: startText(point) }
    : { subject, operator: ">=", text: `${pointText(point)}.dev0` };
}

function upperBound(subject: string, point: VersionPoint): readonly Wording[] {
  const [major, minor, patch] = point.release;
  if (point.at === "start") {
    const isPython = subject === "python_full_version";
    return [{ subject: isPython ? "python_version" : subject, operator: "<", text: startText(point) }];
  }
  if (point.at !== "final" || patch !== "0") return [{ subject, operator: "<", text: pointText(point) }];
  // `<` alone would keep out pre-releases of the version, too.
  return [
    { subject, operator: "<", text: `${major}.${minor}.1` },
    { subject, operator: "!=", text: pointText(point) },
  ];
}

const startText = ({ release: [major, minor] }: VersionPoint): string => (minor === "0" ? major : `${major}.${minor}`);

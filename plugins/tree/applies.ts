import { activatedSets } from "../../plugin-api/lock/select.ts";
import type { MarkerEnvironment } from "../../plugin-api/model/interpreter.ts";
import type { Lock, LockChoice } from "../../plugin-api/model/lock.ts";
import { evaluateMarker, parseMarker } from "../../plugin-api/python/marker.ts";
import {
  formatMarkerSet,
  type MarkerSet,
  markerSet,
  NEVER,
  restrictExtras,
  withoutExtras,
} from "../../plugin-api/python/marker-algebra.ts";
import { assumeExtra, extraComparisons } from "../../plugin-api/python/marker-extra.ts";
import { formatExpression } from "../../plugin-api/python/marker-syntax.ts";

/** What of a lock is looked at. */
export interface Sight {
  /** Absent for all extras and groups, whether they go together or not. */
  readonly choice?: LockChoice;
  /** Absent for all environments of the lock. */
  readonly markers?: MarkerEnvironment;
}

/** What remains to be said of a marker for an extra (`""` for none): when it holds; undefined where it never does. */
export type Applies = (marker: string, extra: string) => string | undefined;

const TESTS_CHOICE = / in (?:extras|dependency_groups)\b/;

/** Reads the markers of a lock for what is looked at. */
export function applying(lock: Lock, { choice, markers }: Sight): Applies {
  const sets = choice && activatedSets(lock, choice);
  const decide = (set: MarkerSet): MarkerSet => (sets ? restrictExtras(set, sets) : withoutExtras(set));
  const read: Applies = (marker, extra) => {
    const rest = withoutExtra(marker, extra);
    if (rest === undefined || rest === "") return rest;
    const here = TESTS_CHOICE.test(rest) ? textOf(decide(markerSet(rest))) : rest;
    if (here === undefined || here === "" || markers === undefined) return here;
    return evaluateMarker(here, markers) ? "" : undefined;
  };
  const known = new Map<string, string | undefined>();
  return (marker, extra) => {
    if (marker === "") return "";
    const question = `${extra}\n${marker}`;
    if (!known.has(question)) known.set(question, read(marker, extra));
    return known.get(question);
  };
}

const textOf = (set: MarkerSet): string | undefined => (set === NEVER ? undefined : formatMarkerSet(set));

/** The marker once it is known which extra asks. */
function withoutExtra(marker: string, extra: string): string | undefined {
  if (!/\bextra\b/.test(marker)) return marker;
  const { expression } = parseMarker(marker);
  if (extraComparisons(expression).length === 0) return marker;
  const rest = assumeExtra(expression, extra);
  if (typeof rest === "boolean") return rest ? "" : undefined;
  return formatExpression(rest);
}

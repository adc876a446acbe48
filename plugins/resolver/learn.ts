import type { ClauseId, Clauses, PackageId } from "./clauses.ts";
import { ALL, intersect, isSame, isSubset, type Ranks, union } from "./ranks.ts";
import { DECISION, type Trail } from "./trail.ts";

interface Terms {
  readonly packages: readonly PackageId[];
  readonly sets: Ranks[];
}

/** What a conflict teaches. */
export interface Lesson extends Terms {
  /** The clauses it follows from, the violated one first. */
  readonly causes: readonly ClauseId[];
  /** The lowest level at which all but one of its terms are true already; undefined when no choice can mend it. */
  readonly level: number | undefined;
}

/** Conflict resolution (PubGrub): the clause that would have shown the conflict at the earliest moment. */
export function learn(clauses: Clauses, trail: Trail, violated: ClauseId): Lesson {
  let terms: Terms = { packages: clauses.packages[violated]!, sets: clauses.sets[violated]! };
  const causes = [violated];
  for (;;) {
    // Package 0 is what the user asks for: it is given, not chosen.
    if (terms.packages.every((id) => id === 0)) return { ...terms, causes, level: undefined };
    const { place, position, previous } = lastSatisfier(trail, terms);
    const cause = trail.causeAt(place);
    if (cause === DECISION || previous < trail.levelAt(place)) return { ...terms, causes, level: previous };
    terms = resolvent(terms, position, { packages: clauses.packages[cause]!, sets: clauses.sets[cause]! });
    causes.push(cause);
  }
}

/** The assignment that made the last term true, and the level at which all the others were. */
function lastSatisfier(trail: Trail, { packages, sets }: Terms) {
  const places = packages.map((id, i) => trail.satisfier(id, sets[i]!));
  const place = Math.max(...places);
  const position = places.indexOf(place);
  // Level 1 is where the root was decided: there is nothing above it to go back to.
  let previous = 1;
  for (const [i, at] of places.entries()) {
    if (i !== position && at >= 0) previous = Math.max(previous, trail.levelAt(at));
  }
  const own = trail.ownAt(place);
  if (trail.causeAt(place) !== DECISION && !isSubset(own, sets[position]!)) {
    const at = trail.satisfier(packages[position]!, sets[position]!, own);
    if (at >= 0) previous = Math.max(previous, trail.levelAt(at));
  }
  return { place, position, previous };
}

/** What two clauses say together once the package they disagree about is left out. */
function resolvent(a: Terms, position: number, b: Terms): Terms {
  const pivot = a.packages[position]!;
  const terms = new Map<PackageId, Ranks>();
  for (const [i, id] of a.packages.entries()) if (i !== position) terms.set(id, a.sets[i]!);
  for (const [i, id] of b.packages.entries()) {
    const set = id === pivot ? union(a.sets[position]!, b.sets[i]!) : b.sets[i]!;
    if (id === pivot && isSame(set, ALL)) continue;
    terms.set(id, intersect(terms.get(id) ?? ALL, set));
  }
  return { packages: [...terms.keys()], sets: [...terms.values()] };
}

import { cachedByPair, decide, type MarkerSet, NEVER } from "./marker-diagram.ts";
import { type Activated, isActivated } from "./marker-evaluate.ts";
import { fold, join } from "./marker-operations.ts";
import { EXTRA_BITS } from "./marker-variable.ts";

const areFree = { id: 0 };

/** The environments in which the set holds for some choice of extras and groups. */
export const withoutExtras = (set: MarkerSet): MarkerSet => free(set, areFree);

const free = cachedByPair((set: MarkerSet): MarkerSet => {
  if ((set.subjects & EXTRA_BITS) === 0) return set;
  const children = set.children.map(withoutExtras);
  if ((set.variable.subjectBit & EXTRA_BITS) !== 0) return fold(children, NEVER, join);
  return decide(set.variable, set.points, children);
});

/** The environments in which the set holds when exactly these extras, and groups, are chosen. */
export function restrictExtras(set: MarkerSet, activated: Activated): MarkerSet {
  const made = new Map<MarkerSet, MarkerSet>();
  const visit = (part: MarkerSet): MarkerSet => {
    const { variable, points, children, subjects } = part;
    if ((subjects & EXTRA_BITS) === 0) return part;
    if ((variable.subjectBit & EXTRA_BITS) !== 0) return visit(children[isActivated(variable, activated) ? 0 : 1]!);
    let rest = made.get(part);
    if (rest === undefined) made.set(part, (rest = decide(variable, points, children.map(visit))));
    return rest;
  };
  return visit(set);
}

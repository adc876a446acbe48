import { cachedByPair, type Diagram, decide, NOWHERE } from "./marker-diagram.ts";
import { type Activated, isActivated } from "./marker-evaluate.ts";
import { fold, join } from "./marker-operations.ts";
import { EXTRA_BITS } from "./marker-variable.ts";

const areFree = { id: 0 };

/** The environments in which the set holds for some choice of extras and groups. */
export const leaveExtrasOpen = (set: Diagram): Diagram => free(set, areFree);

const free = cachedByPair((set: Diagram): Diagram => {
  if ((set.subjects & EXTRA_BITS) === 0) return set;
  const children = set.children.map(leaveExtrasOpen);
  if ((set.variable.subjectBit & EXTRA_BITS) !== 0) return fold(children, NOWHERE, join);
  return decide(set.variable, set.points, children);
});

/** The environments in which the set holds when exactly these extras, and groups, are chosen. */
export function chooseExtras(set: Diagram, activated: Activated): Diagram {
  const made = new Map<Diagram, Diagram>();
  const visit = (part: Diagram): Diagram => {
    const { variable, points, children, subjects } = part;
    if ((subjects & EXTRA_BITS) === 0) return part;
    if ((variable.subjectBit & EXTRA_BITS) !== 0) return visit(children[isActivated(variable, activated) ? 0 : 1]!);
    let rest = made.get(part);
    if (rest === undefined) made.set(part, (rest = decide(variable, points, children.map(visit))));
    return rest;
  };
  return visit(set);
}

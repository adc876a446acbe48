import type { ConflictItem, RootOwner } from "../../../plugin-api/model/lock.ts";
import type { Demand } from "../../../plugin-api/model/requirement.ts";
import {
  and,
  evaluates,
  formatMarkerSet,
  implies,
  isDisjoint,
  type MarkerSet,
  NEVER,
  not,
  or,
  pythonBoundsOf,
  simplifyUnder,
  withoutExtras,
} from "../../../plugin-api/python/marker-algebra.ts";
import { parseSpecifier } from "../../../plugin-api/python/specifier.ts";
import { changeLockRequest, isSameLine } from "../remedy/change.ts";
import type { Lever } from "../remedy/find.ts";
import type { Outlook, Scope } from "../remedy/scope.ts";
import { lineOfPython } from "../remedy/tell.ts";
import { type Involved, involvedIn, LATE, type Trial } from "../remedy/trial.ts";
import { inOrder } from "../specifier-words.ts";
import { sparingBuilds } from "../without-builds.ts";
import { describePlace } from "./describe-place.ts";
import { lowerBoundOf, pythonClausesOf, pythonsOf } from "./places.ts";
import { type Plan, planOf } from "./plan.ts";
import { type Course, courseOf, type Refusal, solveRegions } from "./regions.ts";

/** Time for finding where else there is no answer. */
const LOOK_MS = 500;

/** What is known of a project whose lock could not be made. */
export function scopeOf(plan: Plan, { region }: Refusal, course: Course): Scope {
  return {
    trial: trialOf(plan, course),
    file: plan.request.file,
    owner: (demand) => plan.request.roots.find((root) => root.demand === demand)?.owner,
    async withoutBuilds(deadlineMs) {
      const { session, library } = course;
      const means = { session: sparingBuilds(session), library: library.withoutBuildFailures(), deadlineMs };
      const outcome = await solveRegions(courseOf(plan, means)).catch(() => LATE);
      return outcome.kind === "conflict" ? outcome : undefined;
    },
    async look(lines, python) {
      const where = await placeWithout(lines, region.place, course);
      const shown = where === plan.everywhere ? {} : { where: placeInWords(plan, where) };
      return { ...shown, ...pythonLine(plan), ...leversIn(plan, { where, lines, python }) };
    },
  };
}

/** Locks with changes, as it would be done when they were made. */
function trialOf({ request }: Plan, { session, library }: Course): Trial {
  return async (changes, deadlineMs) => {
    const means = { session, library, deadlineMs };
    const changed = planOf(changeLockRequest(request, changes));
    // What fails otherwise than by having no answer, such as the network, proves nothing.
    const outcome = await solveRegions(courseOf(changed, means)).catch(() => LATE);
    if (outcome.kind === "late") return LATE;
    if (outcome.kind === "conflict") {
      const { packages, solver, facts } = outcome;
      return { kind: "conflict", involved: involvedIn(packages.question, solver, facts) };
    }
    const versions = new Map<string, Set<string>>();
    for (const { packages, pins, reach } of outcome.solved) {
      for (const [name, { rank }] of pins) {
        if (reach.of(name) === NEVER) continue;
        const known = versions.get(name) ?? new Set();
        versions.set(name, known.add(packages.candidates(name)!.releases.version(rank)));
      }
    }
    const kept = (request.previous?.packages ?? []).filter(({ name }) => versions.has(name));
    const moved = kept.filter(({ name, version }) => !versions.get(name)!.has(version));
    return { kind: "answer", versions: (name) => [...(versions.get(name) ?? [])], moved: moved.length };
  };
}

/** All places in which these lines alone have no answer; only the one that is known, when there is no time to look. */
async function placeWithout(lines: readonly Involved[], known: MarkerSet, course: Course): Promise<MarkerSet> {
  const { plan, session, library } = course;
  if (known === plan.everywhere) return known;
  const isAsked = (demand: Demand, as: Involved["as"]): boolean =>
    lines.some((one) => one.as === as && isSameLine(one.demand, demand));
  const { previous: _, ...request } = plan.request;
  const part = planOf({
    ...request,
    roots: request.roots.filter(({ demand }) => isAsked(demand, "requirement")),
    constraints: request.constraints.filter((demand) => isAsked(demand, "constraint")),
  });
  const places: MarkerSet[] = [];
  const look = courseOf(part, { session, library, deadlineMs: performance.now() + LOOK_MS });
  const goOn = (refusal: Refusal): void => void places.push(refusal.region.place);
  const outcome = await solveRegions(look, { goOn }).catch(() => LATE);
  const found = and(or(...places), plan.everywhere);
  return outcome.kind === "late" || found === NEVER ? known : found;
}

function placeInWords({ everywhere, pythons }: Plan, where: MarkerSet): NonNullable<Outlook["where"]> {
  const short = simplifyUnder(where, everywhere);
  return {
    text: describePlace(where, everywhere),
    marker: formatMarkerSet(short),
    isByPython: implies(and(pythonsOf(pythonBoundsOf(where)), pythons, everywhere), where),
    isByParts: withoutExtras(where) === withoutExtras(everywhere),
  };
}

function pythonLine({ request: { file, requiresPython } }: Plan): Pick<Outlook, "python"> {
  const line = file === undefined ? undefined : lineOfPython(file);
  if (file === undefined || line === undefined) return {};
  return { python: { file, line, text: `requires-python = "${requiresPython}"` } };
}

interface Found {
  readonly where: MarkerSet;
  readonly lines: readonly Involved[];
  /** The lowest bound that releases have, where that is the reason. */
  readonly python: string | undefined;
}

function leversIn(plan: Plan, found: Found): Pick<Outlook, "raising" | "parting" | "narrowing"> {
  const raising = raisingLevers(plan, found);
  const narrowing = [
    ...(raising.length > 0 ? [] : cappingLevers(plan, found.where)),
    ...elsewhereLevers(plan, found.where),
  ];
  return { raising, parting: partingLevers(plan, found.lines), narrowing };
}

/** Up from where there is an answer, or from where there are releases. */
function raisingLevers({ pythons, everywhere, request }: Plan, { where, python }: Found): readonly Lever[] {
  const top = pythonClausesOf(where).find((clause) => clause.startsWith("<"));
  const bottom =
    top === undefined || isBeyond(top, everywhere) ? lowerBoundOf(python ?? "") : `>=${top.replace(/^<=?/, "")}`;
  if (bottom === undefined) return [];
  const higher = and(pythonsOf(bottom), pythons);
  if (higher === NEVER || higher === pythons) return [];
  const kept = clausesOf(request.requiresPython).filter((clause) => !/^(?:>|~=|==)/.test(clause));
  return [{ kind: "python", way: "raise", range: inOrder([bottom, ...kept]).join(",") }];
}

/** The bound is that of the whole range. */
const isBeyond = (clause: string, everywhere: MarkerSet): boolean => isDisjoint(everywhere, not(pythonsOf(clause)));

/** Not for the newest Pythons, where the one that is used is none of those. */
function cappingLevers({ everywhere, request }: Plan, where: MarkerSet): readonly Lever[] {
  const bottom = pythonClausesOf(where).find((clause) => clause.startsWith(">="));
  const marks = request.interpreter?.markers;
  if (bottom === undefined || marks === undefined || evaluates(where, marks)) return [];
  const cap = `<${bottom.slice(2)}`;
  if (isDisjoint(everywhere, pythonsOf(cap)) || !isDisjoint(where, pythonsOf(cap))) return [];
  const kept = clausesOf(request.requiresPython).filter((clause) => !clause.startsWith("<"));
  return [{ kind: "python", way: "cap", range: inOrder([...kept, cap]).join(",") }];
}

/** Nowhere where there is no answer, when that is a matter of platforms and not where one is. */
function elsewhereLevers(plan: Plan, where: MarkerSet): readonly Lever[] {
  const { everywhere, pythons, request } = plan;
  const marks = request.interpreter?.markers;
  const rest = and(everywhere, not(where));
  if (rest === NEVER || marks === undefined || evaluates(where, marks)) return [];
  const { isByPython, isByParts } = placeInWords(plan, where);
  if (request.environments.length > 0 || isByPython || isByParts) return [];
  const markers = [inSingleQuotes(formatMarkerSet(simplifyUnder(rest, pythons)))];
  return [{ kind: "environments", markers, without: describePlace(where, everywhere).replace(/ \(any Python\)$/, "") }];
}

/** Easier to read where the marker stands in double quotes itself. */
const inSingleQuotes = (marker: string): string => (marker.includes("'") ? marker : marker.replaceAll('"', "'"));

/** Extras and groups that disagree could be for different uses: where a group includes another, each of the two. */
function partingLevers({ request }: Plan, lines: readonly Involved[]): readonly Lever[] {
  const asked = lines.map((line) => request.roots.filter(({ demand }) => isSameLine(line.demand, demand)));
  const sides = new Map<string, readonly ConflictItem[]>();
  for (const roots of asked) {
    const items = new Map(roots.flatMap(({ owner }) => itemOf(owner)).map((item) => [keyOf(item), item]));
    if (items.size > 0) sides.set([...items.keys()].join(), [...items.values()]);
  }
  const [left, right, ...others] = sides.values();
  if (!left || !right) return [];
  const file = asked.flat().find(({ owner }) => itemOf(owner).length > 0)?.demand.file;
  if (others.length === 0)
    return apart(
      left.flatMap((a) => right.map((b) => [a, b])),
      file,
    );
  const isPlain = [left, right, ...others].every((items) => items.length === 1);
  return isPlain ? apart([[left, right, ...others].flat()], file) : [];
}

function apart(sets: readonly (readonly ConflictItem[])[], file: string | undefined): readonly Lever[] {
  // What belongs to both sides can't be had at all.
  const isPossible = sets.every((set) => new Set(set.map(keyOf)).size === set.length);
  return isPossible ? [{ kind: "apart", sets, file }] : [];
}

const keyOf = ({ kind, name, member }: ConflictItem): string => `${kind} ${name} ${member}`;

const itemOf = ({ kind, name, member }: RootOwner): readonly ConflictItem[] =>
  kind === "optional" || kind === "group" ? [{ kind, name, member }] : [];

const clausesOf = (specifier: string): readonly string[] =>
  parseSpecifier(specifier).clauses.map(({ operator, version }) => operator + version);

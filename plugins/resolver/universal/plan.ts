import type { ConflictItem, LockRequest, RootDemand, RootOwner } from "../../../plugin-api/model/lock.ts";
import type { Demand, PackageName } from "../../../plugin-api/model/requirement.ts";
import { ALWAYS, and, isDisjoint, type MarkerSet, NEVER, not, or } from "../../../plugin-api/python/marker-algebra.ts";
import { pythonsFor } from "./coverage.ts";
import { makeDisjoint, placeOf, pythonsOf } from "./places.ts";
import { byPython, type PartOrder } from "./siblings.ts";

/** A request for a lock, with its places worked out. */
export interface Plan {
  readonly request: LockRequest;
  /** All environments the lock is for, with the extras and groups that may be chosen together. */
  readonly everywhere: MarkerSet;
  /** The same without regard to `environments`. */
  readonly anywhere: MarkerSet;
  /** The Pythons of the project. */
  readonly pythons: MarkerSet;
  readonly order: PartOrder;
  /**
   * 0 for wheels that are for none of the Pythons. The same in all regions: a release has one set of requirements, whichever of
   * its files they are read from.
   */
  readonly scoreTags: (compressedTags: string) => number;
  /** What the parts of the project ask for, in the order in which they are looked at. */
  readonly parts: readonly RootPart[];
  /** Where each pinned package comes from, in order: the first that holds counts. */
  readonly pins: ReadonlyMap<PackageName, readonly PinnedPlace[]>;
  /** Places to begin with, the one to be solved first first. */
  readonly places: readonly MarkerSet[];
}

/** Demands of one part of the project: siblings of each other. By name, then as given. */
export interface RootPart {
  readonly owner: RootOwner;
  /** Where the part can be chosen at all: not with what it conflicts with. */
  readonly where: MarkerSet;
  readonly demands: readonly Demand[];
}

interface PinnedPlace {
  readonly index: string;
  readonly where: MarkerSet;
}

export function planOf(request: LockRequest): Plan {
  const { policy, forkStrategy } = request;
  const isOldestFirst = forkStrategy === "fewest" || policy.resolution === "lowest";
  const order = isOldestFirst ? "oldest Python first" : "newest Python first";
  const { environments, pythons, everywhere, anywhere } = extentOf(request);
  return {
    request,
    everywhere,
    anywhere,
    pythons,
    order,
    scoreTags: tagScorerFor(pythons),
    parts: partsOf(request),
    pins: pinsOf(request),
    places: placesOf(request, everywhere, { environments, order }),
  };
}

type Extent = Pick<Plan, "everywhere" | "anywhere" | "pythons"> & { readonly environments: readonly MarkerSet[] };

/** The environments that a lock is asked for. */
export function extentOf(request: LockRequest): Extent {
  const pythons = pythonsOf(request.requiresPython);
  const environments = request.environments.map((marker) => and(placeOf(marker), pythons));
  const anywhere = and(pythons, ...request.conflicts.map(neverTogether));
  const everywhere = environments.length === 0 ? anywhere : and(anywhere, or(...environments));
  return { environments, pythons, anywhere, everywhere };
}

function pinsOf({ indexPins = [] }: LockRequest): Plan["pins"] {
  const pins = new Map<PackageName, PinnedPlace[]>();
  for (const { name, index, marker } of indexPins) {
    const places = pins.get(name) ?? [];
    pins.set(name, [...places, { index, where: placeOf(marker) }]);
  }
  return pins;
}

const scorers = new WeakMap<MarkerSet, Plan["scoreTags"]>();

/** One for all plans with the same Pythons: what was found by it holds in each of them. */
function tagScorerFor(pythons: MarkerSet): Plan["scoreTags"] {
  let scorer = scorers.get(pythons);
  if (!scorer) scorers.set(pythons, (scorer = newTagScorer(pythons)));
  return scorer;
}

function newTagScorer(pythons: MarkerSet): Plan["scoreTags"] {
  const scores = new Map<string, number>();
  return (tags) => {
    let score = scores.get(tags);
    if (score === undefined) {
      score = isDisjoint(pythonsFor(tags), pythons) ? 0 : tags.endsWith("-any") ? 2 : 1;
      scores.set(tags, score);
    }
    return score;
  };
}

/** The order of uv, which decides about equals: the project's own, then extras, then groups. */
const KINDS: readonly RootOwner["kind"][] = ["project", "script", "member", "optional", "group"];

function partsOf({ roots, conflicts }: LockRequest): readonly RootPart[] {
  const groups = new Map<string, RootDemand[]>();
  for (const root of roots) {
    const key = ownerKey(root.owner);
    const group = groups.get(key);
    if (group) group.push(root);
    else groups.set(key, [root]);
  }
  const listed = conflicts.flat();
  const parts = [...groups.values()].map((group): RootPart => {
    const { owner } = group[0]!;
    const isListed = listed.some((item) => isOwner(item, owner));
    const demands = group.map(({ demand }) => demand);
    return { owner, where: isListed ? chosen(owner as ConflictItem) : ALWAYS, demands: sortByName(demands) };
  });
  return parts.sort((a, b) => KINDS.indexOf(a.owner.kind) - KINDS.indexOf(b.owner.kind));
}

export const ownerKey = ({ kind, member, name }: RootOwner): string => `${kind} ${member} ${name}`;

const isOwner = (item: ConflictItem, owner: RootOwner): boolean =>
  item.kind === owner.kind && item.name === owner.name && item.member === owner.member;

const sortByName = (demands: readonly Demand[]): readonly Demand[] =>
  demands.toSorted(({ requirement: a }, { requirement: b }) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));

/** Where an extra or group is chosen, in the words of lock files (PEP 751); of a workspace's member as `member:name`. */
export function chosen({ kind, name, member }: ConflictItem): MarkerSet {
  const text = member === "" ? name : `${member}:${name}`;
  return placeOf(`"${text}" in ${kind === "optional" ? "extras" : "dependency_groups"}`);
}

const neverTogether = (items: readonly ConflictItem[]): MarkerSet =>
  and(...items.flatMap((item, i) => items.slice(i + 1).map((other) => not(and(chosen(item), chosen(other))))));

interface Beginning {
  readonly environments: readonly MarkerSet[];
  readonly order: PartOrder;
}

function placesOf(request: LockRequest, everywhere: MarkerSet, { environments, order }: Beginning) {
  const kept = request.upgrade === true ? [] : (request.previous?.forks ?? []).map(placeOf);
  const begun = kept.length > 0 ? kept : byPython(environments, order);
  // Whatever is said elsewhere, all of the range is solved for.
  const places = makeDisjoint([...begun, ALWAYS].map((place) => and(place, everywhere)));
  return request.conflicts.reduce<readonly MarkerSet[]>(
    (parts, items) => parts.flatMap((part) => divideByConflict(part, items)),
    places,
  );
}

/** One part for each item, without the others, and one without any; the last item first, as uv does it. */
function divideByConflict(place: MarkerSet, items: readonly ConflictItem[]): readonly MarkerSet[] {
  const parts = items.toSorted(compareItems).map((item) => and(place, chosen(item)));
  const none = and(place, ...items.map((item) => not(chosen(item))));
  return [...parts.toReversed(), none].filter((part) => part !== NEVER);
}

/** Extras before groups, by name. */
const compareItems = (a: ConflictItem, b: ConflictItem): number => (itemKey(a) < itemKey(b) ? -1 : 1);
const itemKey = ({ member, kind, name }: ConflictItem): string => `${member} ${KINDS.indexOf(kind)} ${name}`;

/** The demands of all parts that count in a place. */
export const demandsIn = (plan: Plan, place: MarkerSet): readonly Demand[] =>
  plan.parts.filter(({ where }) => !isDisjoint(where, place)).flatMap(({ demands }) => demands);

/** Versions of a previous lock that are to be kept. */
export const isKept = ({ upgrade }: LockRequest, name: PackageName): boolean =>
  upgrade === undefined || (upgrade !== true && !upgrade.has(name));

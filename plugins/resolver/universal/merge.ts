import type { Source, VersionPage } from "../../../plugin-api/model/distribution.ts";
import type { Lock, LockedEdge, LockedPackage, LockedRoot } from "../../../plugin-api/model/lock.ts";
import type { Demand, Extra, PackageName, Requirement } from "../../../plugin-api/model/requirement.ts";
import {
  and,
  formatMarkerSet,
  type MarkerSet,
  NEVER,
  or,
  simplifyUnder,
} from "../../../plugin-api/python/marker-algebra.ts";
import { formatRequirement } from "../../../plugin-api/python/requirement.ts";
import { parseSpecifier } from "../../../plugin-api/python/specifier.ts";
import { versionKey } from "../../../plugin-api/python/version-key.ts";
import type { Candidates } from "../candidates.ts";
import { type Releases, sourceOf } from "../releases.ts";
import { filesFor } from "./files.ts";
import { placeOf } from "./places.ts";
import type { Plan } from "./plan.ts";
import type { Solved } from "./reach.ts";

/** A region, and where in the lock the packages stand that are chosen there. */
interface Part {
  readonly region: Solved;
  readonly indexes: Map<PackageName, number>;
}

/** A release that is chosen in some of the regions. */
interface Node {
  readonly name: PackageName;
  readonly version: string;
  readonly source: Source;
  /** Tells the release from others without a look at its version. */
  readonly releases: Releases;
  readonly rank: number;
  readonly page: VersionPage;
  /** The regions where it is chosen and reached. */
  readonly parts: Part[];
  where: MarkerSet;
}

/** Puts the answers of all regions together: one package for each release, markers only where they say something. */
export function merge(plan: Plan, solved: readonly Solved[]): Lock {
  const parts = solved.map((region): Part => ({ region, indexes: new Map() }));
  const nodes = nodesOf(parts);
  for (const [i, node] of nodes.entries()) for (const { indexes } of node.parts) indexes.set(node.name, i);
  const isForked = nodes.some((node, i) => nodes[i + 1]?.name === node.name);
  return Object.freeze({
    requiresPython: plan.request.requiresPython,
    forks: forksOf(plan, isForked ? solved.map(({ place }) => place) : [plan.everywhere]),
    packages: nodes.map((node) => packageOf(plan, node)),
    roots: rootsOf(plan, parts),
    meta: {},
  });
}

/** Environments that the project leaves out are named, so that nobody takes the lock there. */
function forksOf({ anywhere, everywhere }: Plan, places: readonly MarkerSet[]): readonly string[] {
  if (places.length === 1 && everywhere === anywhere) return [];
  return places.map((place) => formatMarkerSet(simplifyUnder(place, anywhere)));
}

function nodesOf(parts: readonly Part[]): readonly Node[] {
  const nodes: Node[] = [];
  const byName = new Map<PackageName, Node[]>();
  for (const part of parts) {
    const { reach, packages, pins } = part.region;
    for (const [name, { rank }] of pins) {
      const where = reach.of(name);
      if (where === NEVER) continue;
      let known = byName.get(name);
      if (!known) byName.set(name, (known = []));
      const candidates = packages.candidates(name)!;
      let node = nodeIn(known, candidates, rank);
      if (!node) {
        node = newNode(name, candidates, rank);
        known.push(node);
        nodes.push(node);
      }
      node.parts.push(part);
      node.where = or(node.where, where);
    }
  }
  return nodes.sort(compareNodes);
}

function newNode(name: PackageName, candidates: Candidates, rank: number): Node {
  const { releases } = candidates;
  const chosen = candidates.file(rank)!;
  const [version, source] = [releases.version(rank), sourceOf(chosen)];
  return { name, version, source, releases, rank, page: chosen.page, parts: [], where: NEVER };
}

/** The node of a release, if there is one: of the same version from the same source. */
function nodeIn(nodes: readonly Node[], candidates: Candidates, rank: number): Node | undefined {
  const { releases } = candidates;
  const chosen = candidates.file(rank)!;
  return nodes.find((node) => {
    if (node.releases === releases && node.rank === rank && node.page === chosen.page) return true;
    if (node.version !== releases.version(rank)) return false;
    return JSON.stringify(node.source) === JSON.stringify(sourceOf(chosen));
  });
}

function compareNodes(a: Node, b: Node): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  const [x, y] = [versionKey(a.version) ?? a.version, versionKey(b.version) ?? b.version];
  if (x !== y) return x < y ? -1 : 1;
  return JSON.stringify(a.source) < JSON.stringify(b.source) ? -1 : 1;
}

function packageOf(plan: Plan, node: Node): LockedPackage {
  const { name, version, source, parts, where } = node;
  const { packages, pins } = parts[0]!.region;
  const { rank } = pins.get(name)!;
  const extras = extrasOf(node);
  const dependencies = edgesOf(node, "");
  return {
    name,
    version,
    source,
    marker: where === plan.everywhere ? "" : formatMarkerSet(simplifyUnder(where, plan.everywhere)),
    requiresPython: packages.requiresPython(name, rank),
    files: filesFor(packages.candidates(name)!, rank, where),
    extras,
    dependencies:
      extras.length === 0 ? dependencies : [...dependencies, ...extras.flatMap((extra) => edgesOf(node, extra))],
  };
}

/** The release's extras that something asks for. */
function extrasOf({ name, rank, parts }: Node): readonly Extra[] {
  const asked = new Set<Extra>();
  for (const { region } of parts) for (const extra of region.pins.get(name)!.extras) asked.add(extra);
  if (asked.size === 0) return [];
  const known = new Set(parts[0]!.region.packages.extras(name, rank));
  return [...asked]
    .filter((extra) => known.has(extra) && parts.some(({ region }) => region.reach.of(name, extra) !== NEVER))
    .sort();
}

interface Edge {
  readonly to: number;
  readonly extras: readonly Extra[];
  specifier: string;
  where: MarkerSet;
}

/** What a release requires, or what one of its extras adds to that. */
function edgesOf({ name, parts }: Node, extra: Extra | ""): readonly LockedEdge[] {
  const edges = new Map<number, Edge[]>();
  let whole = NEVER;
  for (const { region, indexes } of parts) {
    const from = region.reach.of(name, extra);
    if (from === NEVER) continue;
    whole = or(whole, from);
    for (const requirement of region.packages.requirements(name, region.pins.get(name)!.rank, extra) ?? []) {
      const to = indexes.get(requirement.name);
      if (to === undefined || (requirement.name === name && requirement.extras.length === 0)) continue;
      const where = requirement.marker === "" ? from : and(placeOf(requirement.marker), from);
      if (where !== NEVER) addEdge(edges, to, { requirement, where });
    }
  }
  const all: LockedEdge[] = [];
  for (const [to, group] of edges) {
    for (const { extras, specifier, where } of group.length === 1 ? group : joined(group)) {
      const marker = where === whole ? "" : formatMarkerSet(simplifyUnder(where, whole));
      all.push({ to, marker: extra === "" ? marker : withExtra(marker, extra), extras, specifier });
    }
  }
  return all.sort((a, b) => a.to - b.to || (a.specifier < b.specifier ? -1 : 1));
}

const withExtra = (marker: string, extra: Extra): string =>
  formatMarkerSet(and(placeOf(marker), placeOf(`extra == "${extra}"`)));

function addEdge(
  edges: Map<number, Edge[]>,
  to: number,
  { requirement, where }: { readonly requirement: Requirement; readonly where: MarkerSet },
): void {
  const { extras, specifier } = requirement;
  let group = edges.get(to);
  if (!group) edges.set(to, (group = []));
  const edge = group.find((other) => other.specifier === specifier && areSame(other.extras, extras));
  if (edge) edge.where = or(edge.where, where);
  else group.push({ to, extras, specifier, where });
}

const areSame = (a: readonly Extra[], b: readonly Extra[]): boolean => a === b || a.join() === b.join();

/** Edges to one package that differ in nothing but the versions they allow are one. */
function joined(edges: readonly Edge[]): readonly Edge[] {
  const all: Edge[] = [];
  for (const edge of edges) {
    const same = all.find(({ extras, where }) => where === edge.where && areSame(extras, edge.extras));
    if (same) same.specifier = bothSpecifiers(same.specifier, edge.specifier);
    else all.push(edge);
  }
  return all;
}

const bothSpecifiers = (a: string, b: string): string => parseSpecifier(`${a},${b}`).text;

function rootsOf(plan: Plan, parts: readonly Part[]): readonly LockedRoot[] {
  const owned = new Map<Demand, MarkerSet>();
  for (const { where, demands } of plan.parts)
    for (const demand of demands) if (!owned.has(demand)) owned.set(demand, where);
  const wanted = new Map<Demand, Map<number, Wanted>>();
  for (const { region, indexes } of parts) {
    for (const { requirement, demand } of region.packages.question.roots) {
      const to = indexes.get(requirement.name);
      if (to === undefined) continue;
      const where = and(region.place, owned.get(demand)!, placeOf(requirement.marker));
      if (where === NEVER) continue;
      let known = wanted.get(demand);
      if (!known) wanted.set(demand, (known = new Map()));
      known.set(to, { where: or(known.get(to)?.where ?? NEVER, where), extras: requirement.extras });
    }
  }
  return plan.request.roots.flatMap(({ owner, demand }): LockedRoot[] => {
    const assumed = and(plan.everywhere, owned.get(demand)!);
    return [...(wanted.get(demand) ?? [])]
      .sort(([a], [b]) => a - b)
      .map(([to, { where, extras }]) => ({
        owner,
        requirement: withExtras(demand, extras),
        to,
        marker: formatMarkerSet(simplifyUnder(where, assumed)),
      }));
  });
}

/** What a demand wants of a package of the lock, and where. */
interface Wanted {
  readonly where: MarkerSet;
  readonly extras: readonly Extra[];
}

/** As written, unless an override adds extras: whoever installs the lock has to know of them. */
const withExtras = ({ text, requirement }: Demand, extras: readonly Extra[]): string =>
  areSame(requirement.extras, extras) ? text : formatRequirement({ ...requirement, extras });

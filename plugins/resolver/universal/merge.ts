import type { Source } from "../../../plugin-api/model/distribution.ts";
import type { Lock, LockedEdge, LockedPackage, LockedRoot } from "../../../plugin-api/model/lock.ts";
import type { Extra, PackageName, Requirement } from "../../../plugin-api/model/requirement.ts";
import {
  and,
  formatMarkerSet,
  isDisjoint,
  type MarkerSet,
  NEVER,
  or,
  simplifyUnder,
} from "../../../plugin-api/python/marker-algebra.ts";
import { parseSpecifier } from "../../../plugin-api/python/specifier.ts";
import { versionKey } from "../../../plugin-api/python/version-key.ts";
import { sourceOf } from "../releases.ts";
import { filesFor } from "./files.ts";
import { placeOf } from "./places.ts";
import type { Plan } from "./plan.ts";
import type { Solved } from "./reach.ts";

/** A release that is chosen in some of the regions. */
interface Node {
  readonly name: PackageName;
  readonly version: string;
  readonly source: Source;
  /** The regions where it is chosen and reached. */
  readonly regions: Solved[];
  where: MarkerSet;
}

/** Puts the answers of all regions together: one package for each release, markers only where they say something. */
export function merge(plan: Plan, solved: readonly Solved[]): Lock {
  const nodes = nodesOf(solved);
  const places = new Map(solved.map((region) => [region, new Map<PackageName, number>()]));
  for (const [i, { name, regions }] of nodes.entries()) for (const region of regions) places.get(region)!.set(name, i);
  const target: Target = (region, name) => places.get(region)!.get(name);
  const isForked = nodes.some((node, i) => nodes[i + 1]?.name === node.name);
  return Object.freeze({
    requiresPython: plan.request.requiresPython,
    forks: forksOf(plan, isForked ? solved.map(({ place }) => place) : [plan.everywhere]),
    packages: nodes.map((node) => packageOf(plan, node, target)),
    roots: rootsOf(plan, solved, target),
    meta: {},
  });
}

/** Environments that the project leaves out are named, so that nobody takes the lock there. */
function forksOf({ anywhere, everywhere }: Plan, places: readonly MarkerSet[]): readonly string[] {
  if (places.length === 1 && everywhere === anywhere) return [];
  return places.map((place) => formatMarkerSet(simplifyUnder(place, anywhere)));
}

type Target = (region: Solved, name: PackageName) => number | undefined;

function nodesOf(solved: readonly Solved[]): readonly Node[] {
  const nodes = new Map<string, Node>();
  for (const region of solved) {
    for (const [name, { rank }] of region.pins) {
      const where = region.reach.of(name);
      if (where === NEVER) continue;
      const candidates = region.packages.candidates(name)!;
      const version = candidates.releases.version(rank);
      const source = sourceOf(candidates.file(rank)!);
      const key = `${name} ${version} ${JSON.stringify(source)}`;
      const node = nodes.get(key) ?? { name, version, source, regions: [], where: NEVER };
      node.regions.push(region);
      node.where = or(node.where, where);
      nodes.set(key, node);
    }
  }
  return [...nodes.values()].sort(compareNodes);
}

function compareNodes(a: Node, b: Node): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  const [x, y] = [versionKey(a.version) ?? a.version, versionKey(b.version) ?? b.version];
  if (x !== y) return x < y ? -1 : 1;
  return JSON.stringify(a.source) < JSON.stringify(b.source) ? -1 : 1;
}

function packageOf(plan: Plan, node: Node, target: Target): LockedPackage {
  const { name, version, source, regions, where } = node;
  const [{ packages, pins }] = regions as [Solved];
  const { rank } = pins.get(name)!;
  const known = new Set(packages.extras(name, rank));
  const asked = new Set(regions.flatMap(({ pins: chosen }) => chosen.get(name)!.extras));
  const extras = [...asked]
    .filter((extra) => known.has(extra) && regions.some((one) => one.reach.of(name, extra) !== NEVER))
    .sort();
  return {
    name,
    version,
    source,
    marker: formatMarkerSet(simplifyUnder(where, plan.everywhere)),
    requiresPython: packages.requiresPython(name, rank),
    files: filesFor(packages.candidates(name)!, rank, where),
    extras,
    dependencies: ["" as const, ...extras].flatMap((extra) => edgesOf(node, extra, target)),
  };
}

interface Edge {
  readonly to: number;
  readonly extras: readonly Extra[];
  readonly specifier: string;
  where: MarkerSet;
}

/** What a release requires, or what one of its extras adds to that. */
function edgesOf(node: Node, extra: Extra | "", target: Target): readonly LockedEdge[] {
  const edges = new Map<string, Edge>();
  let whole = NEVER;
  for (const region of node.regions) {
    const from = region.reach.of(node.name, extra);
    whole = or(whole, from);
    const requirements = region.packages.requirements(node.name, region.pins.get(node.name)!.rank, extra) ?? [];
    for (const requirement of requirements) {
      const where = requirement.marker === "" ? region.place : and(region.place, placeOf(requirement.marker));
      const to = isDisjoint(where, from) ? undefined : target(region, requirement.name);
      if (to === undefined || (requirement.name === node.name && requirement.extras.length === 0)) continue;
      addEdge(edges, to, { requirement, where: and(where, from) });
    }
  }
  return joined([...edges.values()]).map(({ to, extras, specifier, where }) => {
    const marker = formatMarkerSet(simplifyUnder(where, whole));
    return { to, marker: extra === "" ? marker : withExtra(marker, extra), extras, specifier };
  });
}

const withExtra = (marker: string, extra: Extra): string =>
  formatMarkerSet(and(placeOf(marker), placeOf(`extra == "${extra}"`)));

function addEdge(
  edges: Map<string, Edge>,
  to: number,
  { requirement, where }: { readonly requirement: Requirement; readonly where: MarkerSet },
): void {
  const { extras, specifier } = requirement;
  const key = `${to} ${extras.join(",")} ${specifier}`;
  const edge = edges.get(key);
  if (edge) edge.where = or(edge.where, where);
  else edges.set(key, { to, extras, specifier, where });
}

/** Edges that differ in nothing but the versions they allow are one. */
function joined(edges: readonly Edge[]): readonly Edge[] {
  const groups = new Map<string, Edge[]>();
  for (const edge of edges) {
    const key = `${edge.to} ${edge.extras.join(",")}`;
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    const i = group.findIndex(({ where }) => where === edge.where);
    if (i < 0) group.push(edge);
    else group[i] = { ...edge, specifier: bothSpecifiers(group[i]!.specifier, edge.specifier) };
  }
  return [...groups.values()].flat().sort((a, b) => a.to - b.to || (a.specifier < b.specifier ? -1 : 1));
}

const bothSpecifiers = (a: string, b: string): string => parseSpecifier(`${a},${b}`).text;

function rootsOf(plan: Plan, solved: readonly Solved[], target: Target): readonly LockedRoot[] {
  return plan.request.roots.flatMap(({ owner, demand }): LockedRoot[] => {
    const { where: owned } = plan.parts.find(({ demands }) => demands.includes(demand))!;
    const wheres = new Map<number, MarkerSet>();
    for (const region of solved) {
      for (const { requirement, demand: from } of region.packages.question.roots) {
        const to = from === demand ? target(region, requirement.name) : undefined;
        const where = and(region.place, owned, placeOf(requirement.marker));
        if (to !== undefined && where !== NEVER) wheres.set(to, or(wheres.get(to) ?? NEVER, where));
      }
    }
    const assumed = and(plan.everywhere, owned);
    return [...wheres]
      .sort(([a], [b]) => a - b)
      .map(([to, where]) => ({
        owner,
        requirement: demand.text,
        to,
        marker: formatMarkerSet(simplifyUnder(where, assumed)),
      }));
  });
}

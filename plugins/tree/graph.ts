import { byText } from "../../plugin-api/lock/canonical.ts";
import { isChosen } from "../../plugin-api/lock/select.ts";
import type { Lock, LockedPackage, LockedRoot } from "../../plugin-api/model/lock.ts";
import type { Extra, PackageName } from "../../plugin-api/model/requirement.ts";
import { parseRequirement } from "../../plugin-api/python/requirement.ts";
import { type Applies, applying, type Sight } from "./applies.ts";

/** A requirement, and the package of the lock that it leads to. */
export interface Link {
  /** Index into the lock's packages. */
  readonly to: number;
  readonly extras: readonly Extra[];
  readonly specifier: string;
  /** When it holds; empty for always. */
  readonly marker: string;
  /** The extra of the requiring package that asks for it; empty for the package itself. */
  readonly asking: Extra | "";
}
/** A part of a project: its dependencies proper, an extra or a group. */
export interface Part {
  readonly kind: "base" | "extra" | "group";
  /** Empty for the dependencies proper. */
  readonly name: string;
}
/** A requirement of the project's own, and the parts of it that state it. */
export interface OwnLink extends Link {
  readonly parts: readonly [Part, ...Part[]];
}

/** A project, or script, that the lock is of. */
export interface Start {
  readonly name: string;
  /** Empty where only a build could tell. */
  readonly version: string;
  /** Its own package, where others require it. */
  readonly index?: number;
  /** Those of the project proper, then those of its extras and groups; each by name. */
  readonly links: readonly OwnLink[];
}
export interface Graph {
  readonly lock: Lock;
  readonly starts: readonly Start[];
  /** All requirements of a package, those of its extras too, by name. */
  readonly links: (index: number) => readonly Link[];
}

/** A project whose requirements are looked at. */
export interface StartName {
  readonly name: string;
  readonly version: string;
  /** Its name as owner of requirements in a workspace's lock; absent where the lock is of one project or script. */
  readonly member?: PackageName;
}

/** The requirements of a lock as far as they are looked at. Pure. */
export function graphOf(lock: Lock, starts: readonly StartName[], sight: Sight): Graph {
  const applies = applying(lock, sight);
  const known = new Map<number, readonly Link[]>();
  const links = (index: number): readonly Link[] => {
    const found = known.get(index) ?? linksOf(lock, index, applies);
    known.set(index, found);
    return found;
  };
  return { lock, links, starts: starts.map((start) => startOf(lock, start, { applies, sight })) };
}

/** All packages and projects that can be named. */
export const namesIn = ({ lock, starts }: Graph): ReadonlySet<string> =>
  new Set<string>([...lock.packages, ...starts].map(({ name }) => name));

/** The requirements of a package with some of its extras: what it asks for anyway is not said once more for an extra. */
export function linksWith(graph: Graph, index: number, extras: readonly Extra[]): readonly Link[] {
  const all = graph.links(index).filter(({ asking }) => asking === "" || extras.includes(asking));
  return all.filter(
    (link) =>
      link.asking === "" ||
      !all.some((other) => other.asking === "" && other.to === link.to && other.marker === "" && covers(other, link)),
  );
}

const covers = (one: Link, other: Link): boolean => other.extras.every((extra) => one.extras.includes(extra));

function linksOf(lock: Lock, index: number, applies: Applies): readonly Link[] {
  const { dependencies, extras } = lock.packages[index] as LockedPackage;
  const links = dependencies.flatMap(({ to, marker, extras: wanted, specifier }): readonly Link[] => {
    if (!isThere(lock, to, applies)) return [];
    const base = applies(marker, "");
    const link = { to, extras: wanted, specifier };
    if (base === "") return [{ ...link, marker: "", asking: "" }];
    const asked = extras.flatMap((extra): readonly Link[] => {
      const rest = applies(marker, extra);
      return rest === undefined || rest === base ? [] : [{ ...link, marker: rest, asking: extra }];
    });
    return base === undefined ? asked : [{ ...link, marker: base, asking: "" }, ...asked];
  });
  return sorted(lock, joined(links));
}

const isThere = ({ packages }: Lock, index: number, applies: Applies): boolean =>
  applies((packages[index] as LockedPackage).marker, "") !== undefined;

/** Several requirements that lead to one package at the same places are one of all their clauses and extras. */
function joined(links: readonly Link[]): readonly Link[] {
  const groups = Map.groupBy(links, ({ to, marker, asking }) => `${to} ${asking} ${marker}`);
  return [...groups.values()].map((group) => {
    const [first] = group as [Link];
    if (group.length === 1) return first;
    const clauses = group.flatMap(({ specifier }) => (specifier === "" ? [] : specifier.split(",")));
    return {
      ...first,
      extras: [...new Set(group.flatMap(({ extras }) => extras))].sort(),
      specifier: [...new Set(clauses)].join(","),
    };
  });
}

/** What several parts of a project ask for in the same words is told once. */
function joinedParts(links: readonly OwnLink[]): readonly OwnLink[] {
  const groups = Map.groupBy(links, ({ to, marker, specifier, extras }) =>
    JSON.stringify([to, marker, specifier, extras]),
  );
  return [...groups.values()].map((group) => {
    const [first, ...others] = group as [OwnLink, ...OwnLink[]];
    const parts = [...first.parts, ...others.flatMap((each) => each.parts)];
    const [part, ...rest] = parts.toSorted((a, b) => byText(partKey(a), partKey(b))) as [Part, ...Part[]];
    return { ...first, parts: [part, ...rest] };
  });
}

const partKey = ({ kind, name }: Part): string => `${["base", "extra", "group"].indexOf(kind)}${name}`;

function sorted<T extends Link | OwnLink>({ packages }: Lock, links: readonly T[]): readonly T[] {
  const keyOf = (link: T): string =>
    `${"parts" in link ? partKey(link.parts[0]) : ""}\0${link.asking}\0${packages[link.to]?.name}`;
  // Packages of one name stand in the lock in the order of their versions.
  return links.toSorted((a, b) => byText(keyOf(a), keyOf(b)) || a.to - b.to);
}

interface Seen {
  readonly applies: Applies;
  readonly sight: Sight;
}

function startOf(lock: Lock, { name, version, member }: StartName, { applies, sight }: Seen): Start {
  const isOwn = ({ owner }: LockedRoot): boolean =>
    member === undefined || member === owner.member || (owner.kind === "member" && owner.name === member);
  const links = lock.roots.flatMap((root): readonly OwnLink[] => {
    if (!isOwn(root) || (sight.choice && !isChosen(root.owner, sight.choice))) return [];
    const marker = applies(root.marker, "");
    if (marker === undefined || !isThere(lock, root.to, applies)) return [];
    const { extras, specifier } = parseRequirement(root.requirement);
    return [{ to: root.to, extras, specifier, marker, asking: "", parts: [partOf(root)] }];
  });
  const index = lock.packages.findIndex((each) => each.name === member && each.source.kind === "member");
  return { name, version, ...(index >= 0 && { index }), links: sorted(lock, joinedParts(links)) };
}

function partOf({ owner: { kind, name } }: LockedRoot): Part {
  if (kind === "optional") return { kind: "extra", name };
  return kind === "group" ? { kind, name } : { kind: "base", name: "" };
}

import type { PackageName, Requirement } from "../../plugin-api/model/requirement.ts";
import type { Edge, Pin } from "../../plugin-api/model/resolution.ts";
import type { SelectedRelease } from "./outcome.ts";
import type { Packages } from "./packages.ts";
import { fileOf, sourceOf } from "./releases.ts";

/** The solver's choice as pins, sorted by name. */
export function pinsOf(packages: Packages, selected: ReadonlyMap<PackageName, SelectedRelease>): readonly Pin[] {
  const direct = new Set(packages.question.roots.map(({ requirement }) => requirement.name));
  const pins = [...selected].map(([name, { rank, extras }]): Pin => {
    const candidates = packages.candidates(name)!;
    const chosen = candidates.file(rank)!;
    return {
      name,
      version: candidates.releases.version(rank),
      source: sourceOf(chosen),
      file: fileOf(chosen),
      extras: extras.filter((extra) => packages.extras(name, rank)!.includes(extra)),
      dependencies: edgesOf(packages, name, { rank, extras }),
      isDirect: direct.has(name),
    };
  });
  return Object.freeze(pins.sort((a, b) => (a.name < b.name ? -1 : 1)));
}

/** One edge for each package that the release and its extras require. */
function edgesOf(packages: Packages, name: PackageName, { rank, extras }: SelectedRelease): Edge[] {
  const byName = new Map<PackageName, Requirement[]>();
  for (const extra of ["" as const, ...extras]) {
    for (const requirement of packages.requirements(name, rank, extra) ?? []) {
      if (requirement.name === name) continue;
      const group = byName.get(requirement.name);
      if (group) group.push(requirement);
      else byName.set(requirement.name, [requirement]);
    }
  }
  return [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([to, requirements]) => edgeTo(to, requirements));
}

function edgeTo(name: PackageName, requirements: readonly Requirement[]): Edge {
  const [first] = requirements;
  if (first && requirements.length === 1) return { name, extras: first.extras, specifier: first.specifier };
  const clauses = requirements.flatMap(({ specifier }) => (specifier === "" ? [] : specifier.split(",")));
  const extras = distinct(requirements.flatMap((requirement) => requirement.extras));
  return { name, extras, specifier: distinct(clauses).join(",") };
}

const distinct = <T extends string>(texts: readonly T[]): readonly T[] =>
  [...new Set(texts)].sort((a, b) => (a < b ? -1 : 1));

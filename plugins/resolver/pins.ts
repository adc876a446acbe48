import type { Extra, PackageName, Requirement } from "../../plugin-api/model/requirement.ts";
import type { Edge, Pin } from "../../plugin-api/model/resolution.ts";
import type { Packages } from "./packages.ts";
import { fileOf, sourceOf } from "./releases.ts";
import type { SelectedRelease } from "./solver.ts";

/** The solver's choice as pins, sorted by name. */
export function pinsOf(packages: Packages, selected: ReadonlyMap<PackageName, SelectedRelease>): readonly Pin[] {
  const direct = new Set(packages.question.roots.map(({ requirement }) => requirement.name));
  const pins = [...selected].map(([name, { rank, extras }]): Pin => {
    const candidates = packages.candidates(name)!;
    const chosen = candidates.file(rank)!;
    return Object.freeze({
      name,
      version: candidates.releases.version(rank),
      source: sourceOf(chosen),
      file: Object.freeze(fileOf(chosen)),
      extras: Object.freeze(extras.filter((extra) => packages.extras(name, rank)!.includes(extra))),
      dependencies: Object.freeze(edgesOf(packages, name, { rank, extras })),
      isDirect: direct.has(name),
    });
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
  const union = <T extends string>(lists: readonly (readonly T[])[]): readonly T[] =>
    Object.freeze([...new Set(lists.flat())].sort((a, b) => (a < b ? -1 : 1)));
  return [...byName]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([to, requirements]) =>
      Object.freeze({
        name: to,
        extras: union<Extra>(requirements.map((requirement) => requirement.extras)),
        specifier: union(
          requirements.flatMap(({ specifier }) => (specifier === "" ? [] : [specifier.split(",")])),
        ).join(","),
      }),
    );
}

import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { PybunError } from "../../plugin-api/error.ts";
import type { RootOwner } from "../../plugin-api/model/lock.ts";
import type { Demand, PackageName, Requirement } from "../../plugin-api/model/requirement.ts";
import type { Pyproject } from "../../plugin-api/project/pyproject.ts";
import { type Project, sourcesOf } from "../../plugin-api/project/read-project.ts";
import type { DeclaredSource } from "../../plugin-api/project/sources.ts";
import { formatGitUrl } from "../../plugin-api/python/git-url.ts";
import { parseMarker } from "../../plugin-api/python/marker.ts";
import { formatMarkerSet, markerSet, NEVER, not, or } from "../../plugin-api/python/marker-algebra.ts";

/** Marks the URL of a member's folder: what lies there is a project of the workspace, not a foreign source tree. */
export const MEMBER = "#member";

/** The URL by which a requirement leads to a member of the workspace. */
export const memberUrl = (folder: string): string => pathToFileURL(folder).href + MEMBER;

/** The folder of a URL that `memberUrl` made. */
export const memberFolder = (url: string): string => fileURLToPath(url.slice(0, -MEMBER.length));

/** Turns requirements as a member declares them into such as the resolver takes: with the places that `sources` gives. */
export interface Lowering {
  readonly project: Project;
  readonly member: Pyproject;
  readonly sources: ReadonlyMap<PackageName, readonly DeclaredSource[]>;
  readonly members: ReadonlyMap<string, Pyproject>;
}

export const loweringOf = (project: Project, member: Pyproject): Lowering => ({
  project,
  member,
  sources: sourcesOf(project, member),
  members: new Map(project.members.map((each) => [each.name as string, each])),
});

/** A project's own requirements, extras it asks of itself written out. Throws `E_PROJECT_INVALID`. */
export const lowerAll = (demands: readonly Demand[], owner: RootOwner, lowering: Lowering): readonly Demand[] =>
  demands.flatMap((demand) => withoutSelf(demand, lowering.member, [])).flatMap((each) => lower(each, owner, lowering));

/** `app[a,b]` among the requirements of `app` stands for those of its extras `a` and `b`. */
function withoutSelf(demand: Demand, member: Pyproject, within: readonly string[]): readonly Demand[] {
  const { name, extras, marker } = demand.requirement;
  if (name !== member.name || demand.requirement.url !== undefined) return [demand];
  return extras.flatMap((extra) => {
    const asked = member.optional.get(extra);
    if (asked === undefined)
      throw new PybunError(
        "E_PROJECT_INVALID",
        `${demand.origin} asks for the extra \`${extra}\` of \`${name}\`, which has none of that name`,
        {
          evidence: member.optional.size === 0 ? [] : [`its extras  ${[...member.optional.keys()].join(", ")}`],
        },
      );
    if (within.includes(extra)) return [];
    return asked.map((each) => narrowed(each, marker)).flatMap((each) => withoutSelf(each, member, [...within, extra]));
  });
}

function lower(demand: Demand, owner: RootOwner, lowering: Lowering): readonly Demand[] {
  const { requirement } = demand;
  if (requirement.url !== undefined) return [demand];
  const declared = lowering.sources.get(requirement.name)?.filter((source) => isFor(source, owner)) ?? [];
  const member = lowering.members.get(requirement.name);
  // A member's name means the member, also where nobody says so: an index may have a stranger of that name.
  const sources = declared.length === 0 && member ? [{ kind: "workspace", marker: "" } as const] : declared;
  if (sources.length === 0) return [demand];
  const placed = sources.map((source) => placedAt(narrowed(demand, source.marker), source, lowering));
  return [...placed, ...remaining(demand, sources)].filter((each): each is Demand => each !== undefined);
}

const isFor = ({ extra, group }: DeclaredSource, { kind, name }: RootOwner): boolean =>
  (extra === undefined || (kind === "optional" && name === extra)) &&
  (group === undefined || (kind === "group" && name === group));

/** Where no source's marker holds, the indexes are asked. */
function remaining(demand: Demand, sources: readonly Pick<DeclaredSource, "marker">[]): readonly Demand[] {
  if (sources.some(({ marker }) => marker === "")) return [];
  const rest = not(or(...sources.map(({ marker }) => markerSet(marker))));
  return rest === NEVER ? [] : [narrowed(demand, formatMarkerSet(rest))];
}

/** The same under one more condition. */
function narrowed(demand: Demand, marker: string): Demand {
  if (marker === "") return demand;
  const { requirement } = demand;
  const both = requirement.marker === "" ? marker : `(${requirement.marker}) and (${marker})`;
  return { ...demand, requirement: { ...requirement, marker: parseMarker(both).text } };
}

function placedAt(demand: Demand, source: DeclaredSource, { project, member, members }: Lowering): Demand {
  const { requirement } = demand;
  const at = (url: string): Demand => ({ ...demand, requirement: direct(requirement, url) });
  switch (source.kind) {
    case "index":
      return demand;
    case "url":
      return at(source.url + fragment(source.subdirectory));
    case "git":
      return at(formatGitUrl(source));
    case "path": {
      const base = project.options.sources.get(requirement.name)?.includes(source) ? project.root : member.folder;
      return at(pathToFileURL(path.resolve(base, source.path)).href + fragment(source.subdirectory));
    }
    case "workspace": {
      const found = members.get(requirement.name);
      if (found) return at(memberUrl(found.folder));
      throw new PybunError(
        "E_PROJECT_INVALID",
        `\`${requirement.name}\` is to come from the workspace, which has no such member`,
        {
          evidence: [`required by  ${demand.origin}`, `members      ${[...members.keys()].sort().join(", ")}`],
          hints: ["add its folder to `members` below `[tool.pybun.workspace]`"],
        },
      );
    }
  }
}

const direct = ({ name, extras, marker }: Requirement, url: string): Requirement => ({
  name,
  extras,
  specifier: "",
  marker,
  url,
});

const fragment = (subdirectory: string | undefined): string =>
  subdirectory === undefined ? "" : `#subdirectory=${subdirectory}`;

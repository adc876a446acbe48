import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { PybunError } from "../../plugin-api/error.ts";
import type { RootOwner } from "../../plugin-api/model/lock.ts";
import type { Demand, PackageName } from "../../plugin-api/model/requirement.ts";
import { applySources, narrowed } from "../../plugin-api/project/apply-sources.ts";
import { MEMBER } from "../../plugin-api/project/member-url.ts";
import type { Pyproject } from "../../plugin-api/project/pyproject.ts";
import { type Project, sourcesOf } from "../../plugin-api/project/read-project.ts";
import type { DeclaredSource } from "../../plugin-api/project/sources.ts";
import { formatGitUrl } from "../../plugin-api/python/git-url.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import { readExtras } from "./read-extras.ts";

/** The URL by which a requirement leads to a member of the workspace. */
export const memberUrl = (folder: string): string => pathToFileURL(folder).href + MEMBER;

/** The folder of a URL that `memberUrl` made. */
export const memberFolder = (url: string): string => fileURLToPath(url.slice(0, -MEMBER.length));

/** Turns requirements as a member declares them into such as the resolver takes: with the places that `sources` gives. */
export interface Lowering {
  readonly project: Project;
  /** As `readExtras` has it. */
  readonly member: Pyproject;
  readonly sources: ReadonlyMap<PackageName, readonly DeclaredSource[]>;
  readonly members: ReadonlyMap<string, Pyproject>;
}

export const loweringOf = (project: Project, member: Pyproject): Lowering => ({
  project,
  member: readExtras(member),
  sources: sourcesOf(project, member),
  members: membersOf(project),
});

const known = new WeakMap<Project, Lowering["members"]>();

/** Of a workspace, each member asks. */
function membersOf(project: Project): Lowering["members"] {
  let members = known.get(project);
  if (!members) known.set(project, (members = new Map(project.members.map((each) => [each.name as string, each]))));
  return members;
}

/** A project's own requirements, extras it asks of itself written out. Throws `E_PROJECT_INVALID`. */
export const lowerAll = (demands: readonly Demand[], owner: RootOwner, lowering: Lowering): readonly Demand[] =>
  placeAll(
    demands.flatMap((demand) => withoutSelf(demand, lowering.member, [])),
    owner,
    lowering,
  );

/** Requirements with the places that `sources` give for them. Throws `E_PROJECT_INVALID`. */
export const placeAll = (demands: readonly Demand[], owner: RootOwner, lowering: Lowering): readonly Demand[] =>
  demands.flatMap((demand) => lower(demand, owner, lowering));

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
    return asked
      .map((each) => ({ ...each, requirement: narrowed(each.requirement, marker) }))
      .flatMap((each) => withoutSelf(each, member, [...within, extra]));
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
  const urlOf = (source: DeclaredSource) => placeOf(source, demand, lowering);
  return applySources(requirement, sources, urlOf).map((each) => ({ ...demand, requirement: each }));
}

const isFor = ({ extra, group }: DeclaredSource, { kind, name }: RootOwner): boolean =>
  (extra === undefined || (kind === "optional" && name === normalizeName(extra))) &&
  (group === undefined || (kind === "group" && name === normalizeName(group)));

/** The URL that a source leads to; undefined for an index. Throws `E_PROJECT_INVALID`. */
function placeOf(source: DeclaredSource, demand: Demand, { project, member, members }: Lowering): string | undefined {
  const { name } = demand.requirement;
  switch (source.kind) {
    case "index":
      return undefined;
    case "url":
      return source.url + fragment(source.subdirectory);
    case "git":
      return formatGitUrl(source);
    case "path": {
      const base = project.options.sources.get(name)?.includes(source) ? project.root : member.folder;
      return pathToFileURL(path.resolve(base, source.path)).href + fragment(source.subdirectory);
    }
    case "workspace": {
      const found = members.get(name) ?? project.neighbours.find((each) => each.name === name);
      if (found) return memberUrl(found.folder);
      throw new PybunError("E_PROJECT_INVALID", `\`${name}\` is to come from the workspace, which has no such member`, {
        evidence: [`required by  ${demand.origin}`, `members      ${[...members.keys()].sort().join(", ")}`],
        hints: ["add its folder to `members` below `[tool.pybun.workspace]`"],
      });
    }
  }
}

const fragment = (subdirectory: string | undefined): string =>
  subdirectory === undefined ? "" : `#subdirectory=${subdirectory}`;

import { PybunError } from "../../plugin-api/error.ts";
import type { LockChoice } from "../../plugin-api/model/lock.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import { nearest } from "../../plugin-api/nearest.ts";
import type { Pyproject } from "../../plugin-api/project/pyproject.ts";
import { memberAround, type Project } from "../../plugin-api/project/read-project.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";

/** What a call asks for. */
export interface Asked {
  readonly extra: readonly string[];
  readonly allExtras: boolean;
  readonly group: readonly string[];
  readonly onlyGroup: readonly string[];
  readonly noDev: boolean;
  readonly package: readonly string[];
}

/** The parts of a project that count. */
export interface Parts {
  readonly choice: LockChoice;
  /** Projects of the workspace, or the one project. */
  readonly members: readonly Pyproject[];
}

/** Throws `E_PROJECT_PART`. */
export function partsOf(project: Project, asked: Asked, cwd: string): Parts {
  const members = membersOf(project, asked.package, cwd);
  const extras = named(asked.extra, { kind: "extra", among: members.flatMap(({ optional }) => [...optional.keys()]) });
  const known = { kind: "group", among: members.flatMap(({ groups }) => [...groups.keys()]) };
  const only = named(asked.onlyGroup, known);
  const defaults = only.length > 0 ? [] : defaultGroups(members).filter((name) => !(asked.noDev && name === "dev"));
  return {
    members,
    choice: {
      extras: asked.allExtras ? "all" : extras,
      groups: [...new Set([...defaults, ...named(asked.group, known), ...only])],
      ...(project.isWorkspace && { members: members.flatMap(({ name }) => name ?? []) }),
      ...(only.length > 0 && { onlyGroups: true }),
    },
  };
}

/** Those asked for; else the one that the folder lies in; at the root of the workspace all. */
function membersOf(project: Project, asked: readonly string[], cwd: string): readonly Pyproject[] {
  if (!project.isWorkspace) return [project];
  if (asked.length > 0) {
    const names = named(asked, { kind: "member", among: project.members.flatMap(({ name }) => name ?? []) });
    return project.members.filter(({ name }) => name !== undefined && names.includes(name));
  }
  const around = memberAround(project, cwd);
  return around && around.folder !== project.root ? [around] : project.members;
}

const defaultGroups = (members: readonly Pyproject[]): readonly string[] =>
  members.flatMap(({ defaultGroups: chosen, groups }) => {
    if (chosen === "all") return [...groups.keys()];
    return ["dev", ...chosen].filter((name) => groups.has(name));
  });

function named(
  texts: readonly string[],
  { kind, among }: { readonly kind: string; readonly among: readonly string[] },
): readonly PackageName[] {
  return texts.map((text) => {
    const name = normalizeName(text);
    if (among.includes(name)) return name;
    const near = nearest(name, among);
    const all = [...new Set(among)].sort();
    throw new PybunError("E_PROJECT_PART", `no ${kind} is called \`${text}\``, {
      evidence: [all.length === 0 ? `there are no ${kind}s` : `there are  ${all.join(", ")}`],
      hints: near === undefined ? [] : [`did you mean \`${near}\``],
      context: { kind, name: text, known: all },
    });
  });
}

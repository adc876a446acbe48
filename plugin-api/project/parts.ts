import { PybunError } from "../error.ts";
import type { LockChoice } from "../model/lock.ts";
import type { PackageName } from "../model/requirement.ts";
import { nearest } from "../nearest.ts";
import { normalizeName } from "../python/package-name.ts";
import type { Pyproject } from "./pyproject.ts";
import { memberAround, type Project } from "./read-project.ts";

/** Which parts of a project a call asks for: the options `--extra`, `--all-extras`, `--group`, `--only-group`, `--no-dev`, `--package`. */
export interface AskedParts {
  readonly extra: readonly string[];
  readonly allExtras: boolean;
  readonly group: readonly string[];
  readonly onlyGroup: readonly string[];
  readonly noDev: boolean;
  readonly package: readonly string[];
  /** All members of the workspace, wherever the command is given. */
  readonly allPackages?: boolean;
}

/** The parts of a project that count, as a choice from its lock. */
export interface Parts {
  readonly choice: LockChoice;
  /** Projects of the workspace, or the one project. */
  readonly members: readonly Pyproject[];
}

/**
 * The parts that count: of a workspace the members asked for, else the one that `cwd` lies in, at its root all of them; of each
 * the dependencies proper, its default groups, and the extras and groups asked for. Throws `E_PROJECT_PART` for a name that is
 * none of them.
 */
export function partsOf(project: Project, asked: AskedParts, cwd: string): Parts {
  const members = membersOf(project, asked, cwd);
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
function membersOf(project: Project, { package: asked, allPackages }: AskedParts, cwd: string): readonly Pyproject[] {
  if (asked.length > 0) {
    const names = named(asked, { kind: "member", among: project.members.flatMap(({ name }) => name ?? []) });
    return project.members.filter(({ name }) => name !== undefined && names.includes(name));
  }
  if (!project.isWorkspace) return [project];
  if (allPackages) return project.members;
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

import path from "node:path";
import type { Diagnostic } from "../diagnostic.ts";
import { readProjectText } from "../dx/project-file.ts";
import { PybunError } from "../error.ts";
import type { Demand, PackageName } from "../model/requirement.ts";
import { parseSpecifier } from "../python/specifier.ts";
import { showPath } from "../text/show-path.ts";
import { isMember, workspaceAround } from "./find-workspace.ts";
import { expandGlob, hasWildcard } from "./member-globs.ts";
import { parseOnce } from "./parse-once.ts";
import type { Pyproject, WorkspaceTable } from "./pyproject.ts";
import type { DeclaredSource } from "./sources.ts";

/** A project, or a workspace with all its members: the fields of the root's own file, and what the others add. */
export interface Project extends Pyproject {
  /** Absolute folder of the project, or of the workspace's root; `pybun.lockb` lies in it. */
  readonly root: string;
  /** Projects that are locked together, sorted by folder; the root is one when it has a `[project]` table. */
  readonly members: readonly Pyproject[];
  readonly isWorkspace: boolean;
  /** Of the same workspace, and not locked with these: `workspace = true` leads to their folders. */
  readonly neighbours: readonly Pyproject[];
  /** What every member allows: all their clauses. */
  readonly requiresPython: string;
  /** Files that were read and folders that were listed: as long as they stay the same, so does the project. */
  readonly watched: readonly string[];
  /** What was passed over, one sentence each. */
  readonly notices: readonly string[];
  /** `W_DX_STALE` of each file whose binary form is not made from it as it is now. */
  readonly stale: readonly Diagnostic[];
}

/** How a project is read. */
export interface Reading {
  /** Paths in messages are relative to it; by default the project's folder. */
  readonly cwd?: string;
  readonly texts?: GivenTexts | undefined;
  /** Requirements that were typed just now, as they stand in the texts: their origin is the command line. */
  readonly typed?: ReadonlySet<string> | undefined;
}

/** Texts that hold in place of those on the disk, by absolute path of the file: of a change that is still to be made. */
export type GivenTexts = ReadonlyMap<string, string>;

/**
 * Reads the project in a folder, each file once; for a workspace's root its members too (SPEC WS-01, WS-02). Throws
 * `E_PROJECT_NOT_FOUND` when there is no pyproject.toml, `E_PROJECT_INVALID` with file and line, also for a workspace inside of
 * another and for two members of one name.
 */
export function readProject(root: string, about: Reading = {}): Project {
  const stale: Diagnostic[] = [];
  const read = (folder: string) => readPyproject(folder, about.cwd ?? root, { ...about, stale });
  const own = read(root);
  if (own === undefined)
    throw new PybunError(
      "E_PROJECT_NOT_FOUND",
      `no pyproject.toml in ${showPath(root, { cwd: about.cwd ?? "", home: "" })}`,
    );
  const { workspace } = own.options;
  const watched = new Set([own.file]);
  const notices: string[] = [];
  const others = workspace ? membersOf({ own, workspace, read, watched, notices }) : [];
  const isApart = ({ options }: Pyproject): boolean => options.hasOwnLock;
  const members = [...(own.name === undefined ? [] : [own]), ...others.filter((each) => !isApart(each))];
  refuseDoubles([...members, ...others.filter(isApart)]);
  return {
    ...own,
    root,
    members,
    isWorkspace: workspace !== undefined,
    neighbours: workspace ? others.filter(isApart) : neighboursOf(own, { ...about, watched }),
    requiresPython: parseSpecifier(members.map(({ requiresPython }) => requiresPython).join()).text,
    watched: [...watched],
    notices,
    stale,
  };
}

/** The other members of the workspace around a project that is locked by itself, where it takes one of them. */
function neighboursOf(
  own: Pyproject,
  { watched, ...about }: Reading & { readonly watched: Set<string> },
): readonly Pyproject[] {
  const takesMembers = [...own.options.sources.values()].flat().some(({ kind }) => kind === "workspace");
  const root = own.options.hasOwnLock && takesMembers ? workspaceAround(own.folder, "") : undefined;
  if (root === undefined) return [];
  const around = readProject(root, about);
  for (const file of around.watched) watched.add(file);
  return [...around.members, ...around.neighbours].filter(({ folder }) => folder !== own.folder);
}

/** Sources that hold for a member: its own, and the root's for all other names. */
export function sourcesOf(project: Project, member: Pyproject): ReadonlyMap<PackageName, readonly DeclaredSource[]> {
  return member.folder === project.root
    ? member.options.sources
    : new Map([...project.options.sources, ...member.options.sources]);
}

/** The member that a folder lies in, the innermost one; undefined outside of all. */
export function memberAround(project: Project, folder: string): Pyproject | undefined {
  const around = project.members.filter((member) => `${folder}${path.sep}`.startsWith(`${member.folder}${path.sep}`));
  return around.sort((a, b) => b.folder.length - a.folder.length)[0];
}

/**
 * The pyproject.toml of a folder, or its binary form where that is all there is (SPEC PDX-04); undefined where neither is.
 * Throws `E_PROJECT_INVALID`, `E_DX_INVALID`, `E_FORMAT_VERSION`.
 */
export function readPyproject(
  folder: string,
  cwd: string,
  { stale = [], texts, typed }: { readonly stale?: Diagnostic[] } & Omit<Reading, "cwd"> = {},
): Pyproject | undefined {
  const show = (file: string): string => showPath(file, { cwd, home: "" });
  const found = readProjectText(folder, show);
  if (found === undefined) return undefined;
  if (found.stale) stale.push(found.stale);
  const { file } = found;
  const given = texts?.get(file);
  const text = given ?? found.text;
  const project = parseOnce(text, { file, shown: show(file) });
  return given === undefined ? project : withTyped(project, typed);
}

/** The project with the command line as the origin of requirements that were typed just now, given as they stand in its text. Pure. */
export function withTyped(project: Pyproject, typed: ReadonlySet<string> = new Set()): Pyproject {
  if (typed.size === 0) return project;
  const asTyped = (demands: readonly Demand[]): readonly Demand[] =>
    demands.map(({ file, ...demand }) =>
      typed.has(demand.text)
        ? { ...demand, origin: "command line" }
        : { ...demand, ...(file !== undefined && { file }) },
    );
  return {
    ...project,
    dependencies: asTyped(project.dependencies),
    optional: new Map([...project.optional].map(([name, demands]) => [name, asTyped(demands)])),
    groups: new Map([...project.groups].map(([name, demands]) => [name, asTyped(demands)])),
  };
}

interface Search {
  readonly own: Pyproject;
  readonly workspace: WorkspaceTable;
  readonly read: (folder: string) => Pyproject | undefined;
  readonly watched: Set<string>;
  readonly notices: string[];
}

function membersOf({ own, workspace, read, watched, notices }: Search): readonly Pyproject[] {
  const root = own.folder;
  const found = new Map<string, Pyproject>();
  for (const pattern of workspace.members) {
    const folders = expandGlob(root, pattern, (folder) => watched.add(folder));
    if (folders.length === 0 && !hasWildcard(pattern)) throw absent(own, pattern);
    for (const folder of folders) {
      const relative = path.relative(root, folder);
      if (folder === root || found.has(folder) || !isMember(relative, { ...workspace, members: [pattern] })) continue;
      watched.add(path.join(folder, "pyproject.toml"));
      const member = read(folder);
      if (member?.name !== undefined) found.set(folder, checked(own, member));
      else if (!hasWildcard(pattern)) throw absent(own, pattern);
      else if (!pattern.includes("**"))
        notices.push(`\`${relative}\` has no project in it and is left out of the workspace`);
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, member]) => member);
}

function checked(root: Pyproject, member: Pyproject): Pyproject {
  if (member.options.workspace === undefined) return member;
  throw new PybunError("E_PROJECT_INVALID", `\`${member.name}\` is a workspace inside the workspace of ${root.file}`, {
    file: member.file,
    hints: [
      `exclude it: \`exclude = ["${path.relative(root.folder, member.folder)}"]\` below \`[tool.pybun.workspace]\``,
    ],
  });
}

const absent = (own: Pyproject, pattern: string): PybunError =>
  new PybunError("E_PROJECT_INVALID", `the workspace names the member \`${pattern}\`, where there is no project`, {
    file: own.file,
    hints: ["correct or remove it in `members`"],
  });

function refuseDoubles(members: readonly Pyproject[]): void {
  const byName = new Map<string | undefined, Pyproject>();
  for (const member of members) {
    const other = byName.get(member.name);
    if (other)
      throw new PybunError("E_PROJECT_INVALID", `two members of the workspace are called \`${member.name}\``, {
        file: member.file,
        evidence: [other.file, member.file],
      });
    byName.set(member.name, member);
  }
}

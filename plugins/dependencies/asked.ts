import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { InvalidSyntax } from "../../plugin-api/error.ts";
import type { Demand, Requirement } from "../../plugin-api/model/requirement.ts";
import type { Project } from "../../plugin-api/project/read-project.ts";
import { isGitUrl, parseGitUrl } from "../../plugin-api/python/git-url.ts";
import { parseExtra } from "../../plugin-api/python/package-name.ts";
import { parseRequirement } from "../../plugin-api/python/requirement.ts";
import { parseSpecifier } from "../../plugin-api/python/specifier.ts";
import type { Session } from "../../plugin-api/session.ts";
import { typedDemand } from "../../plugin-api/typed-requirement.ts";
import { usageError } from "../../plugin-api/usage.ts";
import type { SourceTable } from "./sources.ts";

/** What is to be added: the requirement as it shall stand in the list, and where the package comes from. */
export interface Asked {
  readonly requirement: Requirement;
  /** The words to write as they are. */
  readonly words?: string;
  readonly source?: SourceTable;
  /** Versions to allow are reckoned from the one that is chosen. */
  readonly isOpen: boolean;
}

/** How requirements are to be read, and what is said of all of them. */
export interface Manner {
  readonly extra: readonly string[];
  readonly editable: boolean;
  readonly raw: boolean;
  readonly git?: string | undefined;
  readonly rev?: string | undefined;
  readonly tag?: string | undefined;
  readonly branch?: string | undefined;
  /** Name of the index that all of it comes from. */
  readonly index?: string | undefined;
}

export interface Around {
  readonly project: Pick<Project, "members" | "isWorkspace">;
  /** Folder of the file that is changed: relative paths start there. */
  readonly folder: string;
  /** Name of what the file itself is. */
  readonly own?: string | undefined;
  readonly session: Session;
}

/** Throws `E_USAGE`, and what looking at a place throws. */
export async function askedFor(text: string, manner: Manner, around: Around): Promise<Asked> {
  const { session } = around;
  const isFolder =
    manner.editable && fs.statSync(path.resolve(session.cwd, text), { throwIfNoEntry: false })?.isDirectory() === true;
  return placed(await typedDemand(text, { command: "add", session, isEditable: isFolder }), manner, around);
}

/** The same of a requirement that was read already. Throws `E_USAGE`. */
export function placed(demand: Demand, manner: Manner, around: Around): Asked {
  const requirement = withExtras(demand.requirement, manner.extra);
  if (manner.raw) {
    // As it was typed, unless something is added to it, or it is a place and no requirement.
    const isTyped = manner.extra.length === 0 && isRequirement(demand.text);
    return { requirement, isOpen: false, ...(isTyped && { words: demand.text.trim() }) };
  }
  const { url: _, ...bare } = requirement;
  const source = sourceOf(requirement, manner, around);
  const isPlaced = source !== undefined && source["index"] === undefined;
  return { requirement: bare, ...(source && { source }), isOpen: bare.specifier === "" && !isPlaced };
}

/** One of each name and marker: what is asked of a package twice holds together. Pure. */
export function joined(all: readonly Asked[]): readonly Asked[] {
  const found = new Map<string, Asked>();
  for (const each of all) {
    const { name, marker, extras, specifier } = each.requirement;
    const key = `${name}; ${marker}`;
    const before = found.get(key);
    if (before === undefined || each.words !== undefined) {
      found.set(key, each);
      continue;
    }
    const { requirement } = before;
    const both = {
      ...requirement,
      ...each.requirement,
      extras: [...new Set([...requirement.extras, ...extras])].sort(),
      specifier: parseSpecifier([requirement.specifier, specifier].filter((part) => part !== "").join()).text,
    };
    found.set(key, { ...before, ...each, requirement: both, isOpen: before.isOpen && each.isOpen });
  }
  return [...found.values()];
}

function isRequirement(text: string): boolean {
  try {
    parseRequirement(text);
    return true;
  } catch {
    return false;
  }
}

function withExtras(requirement: Requirement, names: readonly string[]): Requirement {
  try {
    const extras = [...new Set([...requirement.extras, ...names.map(parseExtra)])].sort();
    return { ...requirement, extras };
  } catch (error) {
    if (error instanceof InvalidSyntax) throw usageError("add", error.message);
    throw error;
  }
}

function sourceOf(requirement: Requirement, manner: Manner, around: Around): SourceTable | undefined {
  const { name, url } = requirement;
  const git = url !== undefined && isGitUrl(url) ? url : undefined;
  if (manner.git !== undefined || git !== undefined) return gitSource(requirement, git, manner);
  const reference = (["rev", "tag", "branch"] as const).find((key) => manner[key] !== undefined);
  if (reference !== undefined)
    throw usageError("add", `\`--${reference}\` is of a git repository, and \`${name}\` is not from one`);
  if (url?.startsWith("file:")) return pathSource(url, manner, around);
  if (manner.editable) throw usageError("add", `\`--editable\` is for folders, and \`${name}\` is not from one`);
  if (url !== undefined) {
    const [address = "", fragment = ""] = url.split("#", 2);
    const subdirectory = new URLSearchParams(fragment).get("subdirectory");
    return { url: subdirectory === null ? url : address, ...(subdirectory !== null && { subdirectory }) };
  }
  if (manner.index !== undefined) return { index: manner.index };
  const isMember = around.project.isWorkspace && around.project.members.some((member) => member.name === name);
  return isMember && around.own !== name ? { workspace: true } : undefined;
}

function gitSource({ name, url }: Requirement, own: string | undefined, manner: Manner): SourceTable {
  if (url !== undefined && own === undefined)
    throw usageError("add", `\`${name}\` is from a URL, so \`--git\` can't be, too`);
  try {
    const named = manner.git === undefined ? undefined : manner.git.replace(/^(?!git\+)/, "git+");
    const { url: git, reference, subdirectory, isLfs } = parseGitUrl(named ?? (own as string));
    const asked = (["rev", "tag", "branch"] as const).filter((key) => manner[key] !== undefined);
    if (asked.length > 1) throw usageError("add", `\`--${asked[0]}\` and \`--${asked[1]}\` exclude each other`);
    const [key] = asked;
    if (key !== undefined && reference !== undefined)
      throw usageError("add", `the URL names \`${reference}\`, and \`--${key}\` something else`);
    const chosen = key === undefined ? reference && { rev: reference } : { [key]: manner[key] as string };
    return {
      git,
      ...chosen,
      ...(subdirectory !== undefined && { subdirectory }),
      ...(isLfs && { lfs: true }),
    };
  } catch (error) {
    if (error instanceof InvalidSyntax) throw usageError("add", `the URL of \`${name}\` ${error.message}`);
    throw error;
  }
}

function pathSource(url: string, { editable }: Manner, { project, folder }: Around): SourceTable {
  const [address = "", fragment = ""] = url.split("#", 2);
  const file = fileURLToPath(address);
  const parameters = new URLSearchParams(fragment);
  const subdirectory = parameters.get("subdirectory");
  // What is not there is told by whoever is to read it.
  const real = fs.existsSync(file) ? fs.realpathSync(file) : file;
  const isMember = project.isWorkspace && project.members.some((member) => fs.realpathSync(member.folder) === real);
  if (isMember) return { workspace: true };
  const relative = path.relative(folder, file).split(path.sep).join("/");
  return {
    path: relative === "" ? "." : relative,
    ...((editable || parameters.get("editable") === "true") && { editable: true }),
    ...(subdirectory !== null && { subdirectory }),
  };
}

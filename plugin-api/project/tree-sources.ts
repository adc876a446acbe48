import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../error.ts";
import type { PackageName, Requirement } from "../model/requirement.ts";
import { formatGitUrl } from "../python/git-url.ts";
import { formatRequirement, parseRequirement } from "../python/requirement.ts";
import type { SourceMetadata } from "../python/source-metadata.ts";
import { applySources } from "./apply-sources.ts";
import { findWorkspaceRoot } from "./find-workspace.ts";
import { openProjectText } from "./project-text.ts";
import { readProject } from "./read-project.ts";
import { type DeclaredSource, readSources } from "./sources.ts";
import { toolKey } from "./tool-options.ts";

/** A source tree that something requires. */
export interface SourceTree {
  /** Absolute folder of the project. */
  readonly folder: string;
  /** No workspace is looked for in this folder or above. */
  readonly ceiling: string;
  /** The URL at which others find a folder or archive that the tree names; undefined for what lies out of their reach. */
  readonly urlOf: (file: string, subdirectory: string | undefined) => string | undefined;
}

/**
 * What a source tree requires, with the places that its own `sources` give (`tool.pybun.sources`, or what it says to uv), since it
 * does not work with packages from anywhere else. Indexes are left out: those it names are not configured here. Throws
 * `E_PROJECT_INVALID`.
 */
export function withOwnSources(found: SourceMetadata, tree: SourceTree): SourceMetadata {
  if (found.requiresDist.length === 0) return found;
  const root = findWorkspaceRoot(tree.folder, tree.ceiling);
  const all = new Map([...(root === undefined ? [] : sourcesIn(root)), ...sourcesIn(tree.folder)]);
  if (all.size === 0) return found;
  const requiresDist = found.requiresDist.flatMap((written) => {
    const requirement = parseRequirement(written);
    const placed = all.get(requirement.name);
    if (requirement.url !== undefined || placed === undefined) return [written];
    const urlOf = (source: DeclaredSource) => placeOf(requirement, { source, base: placed.folder, root, tree });
    return applySources(requirement, placed.sources, urlOf).map(formatRequirement);
  });
  return { ...found, requiresDist };
}

interface Declared {
  readonly folder: string;
  readonly sources: readonly DeclaredSource[];
}

/** By name; what concerns dependency groups only, or indexes, is left out. */
function sourcesIn(folder: string): readonly (readonly [PackageName, Declared])[] {
  const file = path.join(folder, "pyproject.toml");
  const text = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
  if (!text.includes("sources")) return [];
  const project = openProjectText(text, { file, shown: file });
  const { key, value } = toolKey(project, "sources");
  return [...readSources(project, key, value)].flatMap(([name, declared]) => {
    const sources = declared
      .filter(({ kind, group }) => kind !== "index" && group === undefined)
      .map((source) => ({ ...source, marker: markerOf(source) }));
    return sources.length === 0 ? [] : [[name, { folder, sources }] as const];
  });
}

const markerOf = ({ marker, extra }: DeclaredSource): string =>
  [...(marker === "" ? [] : [`(${marker})`]), ...(extra === undefined ? [] : [`extra == "${extra}"`])].join(" and ");

interface Placing {
  readonly source: DeclaredSource;
  readonly base: string;
  readonly root: string | undefined;
  readonly tree: SourceTree;
}

function placeOf({ name }: Requirement, { source, base, root, tree }: Placing): string | undefined {
  const below = "subdirectory" in source ? source.subdirectory : undefined;
  if (source.kind === "git") return formatGitUrl(source);
  if (source.kind === "url") return source.url + (below === undefined ? "" : `#subdirectory=${below}`);
  const folder = source.kind === "path" ? path.resolve(base, source.path) : memberFolder(name, root ?? base);
  const url = folder && tree.urlOf(folder, below);
  if (url !== undefined) return url;
  const file = path.join(base, "pyproject.toml");
  throw new PybunError("E_PROJECT_INVALID", `\`${name}\` is to come from where only ${base} itself can find it`, {
    file,
    evidence: [source.kind === "path" ? `path  ${source.path}` : "a member of a workspace that is not there"],
  });
}

const memberFolder = (name: PackageName, root: string): string | undefined =>
  readProject(root).members.find((member) => member.name === name)?.folder;

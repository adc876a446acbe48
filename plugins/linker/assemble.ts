import path from "node:path";
import type { Diagnostic } from "../../plugin-api/diagnostic.ts";
import { warning } from "../../plugin-api/diagnostic.ts";
import type { Environment, Installed } from "../../plugin-api/model/environment.ts";
import { SHARED_MARK, SHARED_TEXT } from "../../plugin-api/model/store-layout.ts";
import { placeDistInfo, rewriteRecord } from "./dist-info.ts";
import { giveBack } from "./give-back.ts";
import { openKept } from "./kept.ts";
import { dependencyCheck, type Package } from "./packages.ts";
import { type Placing, placeFiles } from "./place-files.ts";
import { placeScripts } from "./place-scripts.ts";
import { type Layout, lastingFolders } from "./protected.ts";
import { removeDistribution } from "./remove-distribution.ts";
import { type Folder, folderAt, type Owner, openTree, prune, slotIn, type Tree } from "./tree.ts";

/** What an environment is to become. */
export interface Goal {
  /** Folder that holds it now: the environment itself, or its staged skeleton. */
  readonly disk: string;
  /** Absolute path it has in its scripts. */
  readonly root: string;
  /** Executable that scripts start with; default the environment's own. */
  readonly python?: string;
  readonly layout: Layout;
  readonly interpreter: Environment["interpreter"];
  readonly platform: string;
  readonly packages: readonly Package[];
  readonly remove: readonly Installed[];
  readonly keep: readonly Installed[];
}
export interface Assembled {
  readonly tree: Tree;
  readonly site: Folder;
  readonly diagnostics: readonly Diagnostic[];
}

/** Decides, in memory, where everything goes. Throws `E_LINK_CONFLICT`, `E_LINK_RECORD`; touches nothing. */
export function assemble(goal: Goal): Assembled {
  const { layout, packages, platform } = goal;
  const tree = openTree(goal.disk, platform === "darwin" || platform === "win32");
  const site = folderAt(tree, layout.site) as Folder;
  const removed = goal.remove.flatMap((installed) => removeDistribution(installed, tree, { root: goal.disk, layout }));
  const kept = openKept(goal.keep, layout.site);
  giveBack(removed, { kept, packages, layout });
  prune(tree.root, lastingFolders(layout));
  const { cacheTag } = goal.interpreter;
  const placing: Placing = { tree, layout, kept, folders: new Map(), cacheTag, overlaps: [] };
  const isWindows = platform === "win32";
  const own = path.join(goal.root, layout.scripts, isWindows ? "python.exe" : "python");
  const { python = own } = goal;
  const version = goal.interpreter.tags.python;
  const home = { python, isWindows, version, dependsOn: dependencyCheck(packages) };
  const links = linksIn(site);
  for (const pkg of packages) placeFiles(pkg, site, placing);
  for (const pkg of packages) placeScripts(pkg, home, placing);
  for (const pkg of packages) placeDistInfo(pkg, site, { tree, links });
  for (const owner of kept.touched()) rewriteRecord(owner, layout.site, { tree, links });
  markShared(tree, site);
  return { tree, site, diagnostics: overlapWarning(placing.overlaps) };
}

/** All links below site-packages by owner; looked for once, when everything has its place. */
function linksIn(site: Folder): () => ReadonlyMap<Owner, readonly string[]> {
  let found: Map<Owner, string[]> | undefined;
  return () => {
    if (found) return found;
    found = new Map();
    collectLinks(site, "", found);
    // In the same order whatever stood in the folders before: one environment has one RECORD.
    for (const links of found.values()) links.sort();
    return found;
  };
}

function collectLinks(folder: Folder, below: string, found: Map<Owner, string[]>): void {
  for (const { name, now } of folder.slots?.values() ?? []) {
    if (now?.kind === "folder") collectLinks(now, `${below}${name}/`, found);
    if (now?.kind !== "whole" || !now.isLinked) continue;
    const links = found.get(now.owner);
    if (links) links.push(below + name);
    else found.set(now.owner, [below + name]);
  }
}

/** Folders that were there get their mark when the first link comes into them; new ones are made with it. */
function markShared(tree: Tree, folder: Folder, isSite = true): void {
  let hasNewLink = false;
  for (const { now } of folder.slots?.values() ?? []) {
    if (now?.kind === "folder" && now.disk !== undefined) markShared(tree, now, false);
    hasNewLink ||= now?.kind === "whole" && now.isLinked;
  }
  if (isSite || !hasNewLink || folder.disk === undefined) return;
  const slot = slotIn(tree, folder, SHARED_MARK);
  slot.now ??= { kind: "text", content: () => SHARED_TEXT, isExecutable: false, owner: NOBODY };
}

const NOBODY: Owner = { label: "pybun", isPurelib: true };

function overlapWarning(overlaps: Placing["overlaps"]): readonly Diagnostic[] {
  const [first] = overlaps;
  if (!first) return [];
  const more = overlaps.length === 1 ? "" : ` and ${overlaps.length - 1} more`;
  const message = `${first.owners.join(" and ")} bring different \`${first.path}\`${more}; the first one's is used`;
  return [warning("W_LINK_OVERLAP", message, { context: { overlaps } })];
}

import path from "node:path";
import type { Kept } from "./kept.ts";
import type { Package } from "./packages.ts";
import type { Layout } from "./protected.ts";
import type { Removed } from "./remove-distribution.ts";

/**
 * What a distribution that stays has listed, too, stays: two may bring one file with equal content, and a RECORD that another
 * installer wrote may list what is not its own. To know, the RECORDs of all that stay are read; so only where something
 * may be shared and nobody brings it again.
 */
export function giveBack(
  removed: readonly Removed[],
  { kept, packages, layout }: { readonly kept: Kept; readonly packages: readonly Package[]; readonly layout: Layout },
): void {
  const isBrought = broughtBy(packages, layout);
  for (const each of removed)
    if (mayBeShared(each, layout) && !isBrought(each.path) && kept.ownerOf(each.path)) each.slot.now = each.node;
}

/** A link that PyBun made is one distribution's, and so is what lies in its metadata folder. */
function mayBeShared({ path: at, slot, from }: Removed, { site }: Layout): boolean {
  if (at.startsWith(`${site}/${path.basename(from.infoPath)}/`)) return false;
  return slot.before !== "link" || from.wheelSha256 === undefined;
}

/** Folders that several distributions share are no sign that a certain file in them comes again. */
function broughtBy(packages: readonly Package[], { site, scripts }: Layout): (relative: string) => boolean {
  const tops = new Set<string>();
  for (const { layout } of packages) {
    const { files, folders, sharedFolders, consoleScripts, guiScripts } = layout;
    for (const name of files) tops.add(`${site}/${name}`);
    for (const name of folders) if (!sharedFolders.includes(name)) tops.add(`${site}/${name}`);
    for (const { name } of [...consoleScripts, ...guiScripts]) tops.add(`${scripts}/${name}`);
  }
  return (relative) => {
    const depth = relative.startsWith(`${site}/`) ? site.split("/").length + 1 : 2;
    return tops.has(relative.split("/", depth).join("/"));
  };
}

import fs from "node:fs";
import path from "node:path";
import { InvalidSyntax, PybunError } from "../../plugin-api/error.ts";
import type { Installed } from "../../plugin-api/model/environment.ts";
import { recordedPaths } from "../../plugin-api/python/record.ts";
import { inLib, isProtected, type Layout } from "./protected.ts";
import { type Folder, findSlot, folderAt, keyOf, type Node, type Slot, slotsOf, type Tree } from "./tree.ts";

/** Where the distribution is installed. */
export interface Place {
  /** Absolute path of the environment. */
  readonly root: string;
  readonly layout: Layout;
}

/** Something that was taken out of the tree. */
export interface Removed {
  /** Of the file that RECORD lists, relative to the root. */
  readonly path: string;
  readonly slot: Slot;
  readonly node: Node;
  readonly from: Installed;
}

/** Takes out of the tree what an installed distribution's RECORD lists, and the byte-code of it. Throws `E_LINK_RECORD`. */
export function removeDistribution(installed: Installed, tree: Tree, { root, layout }: Place): readonly Removed[] {
  const removed: Removed[] = [];
  const take = (relative: string, { slot, folder }: { readonly slot: Slot; readonly folder: Folder }): void => {
    if (slot.now) removed.push({ path: relative, slot, node: slot.now, from: installed });
    slot.now = undefined;
    folder.hasLost = true;
  };
  const info = path.basename(installed.infoPath);
  const isMoot = mootRows(info, folderAt(tree, layout.site) as Folder, tree);
  for (const row of rowsOf(installed)) {
    if (isMoot(row)) continue;
    const relative = inRoot(row, root, layout.site);
    // What a RECORD says of the interpreter is not true of an environment.
    if (relative === undefined || isProtected(relative, layout)) continue;
    const found = findSlot(tree, relative);
    if (!found) continue;
    // A folder is nobody's own; a link is one of ours, and what lies behind it is the store's.
    if (found.slot.now?.kind !== "folder") take(relative, found);
    if (relative.endsWith(".py"))
      for (const bytecode of bytecodeOf(found.folder, found.slot.name.slice(0, -3), tree)) take(relative, bytecode);
  }
  const found = findSlot(tree, `${layout.site}/${info}`);
  if (found) found.slot.now = undefined;
  return removed;
}

/**
 * Whether a row of a distribution with the metadata folder `info` leads to nothing that is to be taken: nearly all lie behind a
 * link, which is gone by then, and the metadata goes as a whole. They come by the thousand, one below the other, so each is
 * first compared with where the last such one lay.
 */
function mootRows(info: string, site: Folder, tree: Tree): (row: string) => boolean {
  const top = slotsOf(tree, site);
  let above = `${info}/`;
  return (row) => {
    if (row.includes("..")) return false;
    if (row.startsWith(above)) return true;
    const name = row.slice(0, Math.max(row.indexOf("/"), 0));
    const isMoot = name === info || (/^\w[\w.-]*$/.test(name) && top.get(keyOf(tree, name))?.now?.kind !== "folder");
    if (isMoot) above = `${name}/`;
    return isMoot;
  };
}

function rowsOf(installed: Installed): readonly string[] {
  const file = path.join(installed.infoPath, "RECORD");
  try {
    return recordedPaths(fs.readFileSync(file, "utf8"));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") throw unknownFiles(installed, "it has no RECORD of its files");
    if (cause instanceof InvalidSyntax) throw unknownFiles(installed, cause.message, cause);
    throw cause;
  }
}

function unknownFiles({ infoPath, name, version }: Installed, why: string, cause?: InvalidSyntax): PybunError {
  const installer = path.join(infoPath, "INSTALLER");
  const who = fs.existsSync(installer) ? `, installed by \`${fs.readFileSync(installer, "utf8").trim()}\`,` : "";
  return new PybunError("E_LINK_RECORD", `${name} ${version}${who} can't be removed: ${why}`, {
    evidence: ["nothing was changed"],
    hints: ["make the environment anew: `pybun env create --clear`"],
    context: { package: name, version, path: infoPath },
    cause,
  });
}

/** Relative to the root; undefined for what lies outside of it, which is not ours to remove. */
function inRoot(row: string, root: string, site: string): string | undefined {
  const file = row.replaceAll("\\", "/");
  const relative = path.isAbsolute(row) ? path.relative(root, row).replaceAll("\\", "/") : path.posix.join(site, file);
  const normal = inLib(path.posix.normalize(relative));
  return normal === "" || normal.startsWith("../") || normal === ".." || path.isAbsolute(normal) ? undefined : normal;
}

function bytecodeOf(
  folder: Folder,
  module: string,
  tree: Tree,
): readonly { readonly slot: Slot; readonly folder: Folder }[] {
  const cache = slotsOf(tree, folder).get("__pycache__")?.now;
  if (cache?.kind !== "folder") return [];
  const isOf = ({ name }: Slot): boolean => name.startsWith(`${module}.`) && /\.py[co]$/.test(name);
  return [...slotsOf(tree, cache).values()].filter(isOf).map((slot) => ({ slot, folder: cache }));
}

import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import type { Installed } from "../../plugin-api/model/environment.ts";
import { parseRecord } from "../../plugin-api/python/record.ts";
import { inLib, isProtected, type Layout } from "./protected.ts";
import { type Folder, findSlot, slotsOf, type Tree } from "./tree.ts";

/** Where the distribution is installed. */
export interface Place {
  /** Absolute path of the environment. */
  readonly root: string;
  readonly layout: Layout;
}

/** Takes out of the tree what an installed distribution's RECORD lists, and the byte-code of it. Throws `E_LINK_RECORD`. */
export function removeDistribution(installed: Installed, tree: Tree, { root, layout }: Place): void {
  for (const row of rowsOf(installed)) {
    const relative = inRoot(row, root, layout.site);
    // What a RECORD says of the interpreter is not true of an environment.
    if (relative === undefined || isProtected(relative, layout)) continue;
    const found = findSlot(tree, relative);
    if (!found) continue;
    // A folder is nobody's own; a link is one of ours, and what lies behind it is the store's.
    if (found.slot.now?.kind !== "folder") {
      found.slot.now = undefined;
      found.folder.hasLost = true;
    }
    if (relative.endsWith(".py")) removeBytecode(found.folder, found.slot.name.slice(0, -3), tree);
  }
  const info = findSlot(tree, `${layout.site}/${path.basename(installed.infoPath)}`);
  if (info) info.slot.now = undefined;
}

function rowsOf({ infoPath, name, version }: Installed): readonly string[] {
  const file = path.join(infoPath, "RECORD");
  if (fs.existsSync(file)) return parseRecord(fs.readFileSync(file, "utf8")).map((row) => row.path);
  const installer = path.join(infoPath, "INSTALLER");
  const who = fs.existsSync(installer) ? `, installed by \`${fs.readFileSync(installer, "utf8").trim()}\`,` : "";
  throw new PybunError("E_LINK_RECORD", `${name} ${version}${who} can't be removed: it has no RECORD of its files`, {
    evidence: ["nothing was changed"],
    hints: ["make the environment anew: `pybun env create --clear`"],
    context: { package: name, version, path: infoPath },
  });
}

/** Relative to the root; undefined for what lies outside of it, which is not ours to remove. */
function inRoot(row: string, root: string, site: string): string | undefined {
  const file = row.replaceAll("\\", "/");
  const relative = path.isAbsolute(row) ? path.relative(root, row).replaceAll("\\", "/") : path.posix.join(site, file);
  const normal = inLib(path.posix.normalize(relative));
  return normal === "" || normal.startsWith("../") || normal === ".." || path.isAbsolute(normal) ? undefined : normal;
}

function removeBytecode(folder: Folder, module: string, tree: Tree): void {
  const cache = slotsOf(tree, folder).get("__pycache__")?.now;
  if (cache?.kind !== "folder") return;
  for (const slot of slotsOf(tree, cache).values()) {
    if (!slot.name.startsWith(`${module}.`) || !/\.py[co]$/.test(slot.name)) continue;
    slot.now = undefined;
    cache.hasLost = true;
  }
}

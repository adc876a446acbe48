import fs from "node:fs";
import path from "node:path";
import type { Host } from "../../plugin-api/services.ts";
import { knownEnvironments } from "../../plugin-api/system/known-environments.ts";
import type { InstalledPython } from "./installed.ts";

/** Environments that would be broken without the installation, sorted; those that are made anew when needed don't count. */
export function usersOf(
  python: InstalledPython,
  { dataDir, projectRoot, env }: Pick<Host, "dataDir" | "projectRoot" | "env">,
): readonly string[] {
  const near = [projectRoot && path.join(projectRoot, ".pybun", "venv"), env["VIRTUAL_ENV"]];
  const caches = ["pep723-envs", "tmp"].map((folder) => path.join(dataDir, folder) + path.sep);
  const lasting = knownEnvironments(dataDir).filter((root) => !caches.some((cache) => root.startsWith(cache)));
  return [...new Set([...lasting, ...near])].flatMap((root) => (root && isMadeWith(root, python) ? [root] : [])).sort();
}

/** By the environment's own word (PEP 405). */
function isMadeWith(root: string, python: InstalledPython): boolean {
  const config = path.join(root, "pyvenv.cfg");
  if (!fs.existsSync(config)) return false;
  const home = /^home\s*=\s*(.+?)\s*$/m.exec(fs.readFileSync(config, "utf8"))?.[1];
  return home !== undefined && `${path.resolve(home)}${path.sep}`.startsWith(python.root + path.sep);
}

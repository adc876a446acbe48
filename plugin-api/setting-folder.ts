import path from "node:path";
import type { Origin } from "./option.ts";

/**
 * The folder that relative paths in a setting's value start from: that of the file that holds it, or `cwd` for flags and
 * variables. What `.pybun/config.toml` says, it says of the project.
 */
export function settingFolder(origin: Origin | undefined, cwd: string): string {
  if (origin?.kind !== "file") return cwd;
  const folder = path.dirname(origin.name);
  return path.basename(folder) === ".pybun" ? path.dirname(folder) : folder;
}

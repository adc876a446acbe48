import fs from "node:fs";
import path from "node:path";

/** Name of a project's folder for what is made on each machine. */
export const PROJECT_FOLDER = ".pybun";

/**
 * Makes a project's folder `.pybun`, with its ignore file: the configuration in it belongs to the project, all else is made on
 * each machine. Returns its absolute path. Throws system errors.
 */
export function makeProjectFolder(projectRoot: string): string {
  const folder = path.join(projectRoot, PROJECT_FOLDER);
  fs.mkdirSync(folder, { recursive: true });
  try {
    fs.writeFileSync(path.join(folder, ".gitignore"), "*\n!config.toml\n", { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  return folder;
}

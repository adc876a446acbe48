import fs from "node:fs";
import path from "node:path";

/**
 * Removes a folder with all that is in it, also where folders in it are read-only, as those of the store are. Links are not
 * followed; what is gone already is no error. Throws Node's system errors.
 */
export function removeTree(folder: string): void {
  try {
    fs.rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EACCES" && code !== "EPERM") throw error;
    makeWritable(folder);
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function makeWritable(folder: string): void {
  fs.chmodSync(folder, 0o700);
  for (const entry of fs.readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) makeWritable(path.join(folder, entry.name));
}

import fs from "node:fs";
import path from "node:path";

/** Files below a folder (or the one file it names) for which `matches` holds, as sorted paths relative to `root`; symbolic links are not followed. */
export function filesBelow(root: string, folder: string, matches: (file: string) => boolean): string[] {
  const found: string[] = [];
  const visit = (relative: string): void => {
    for (const entry of fs.readdirSync(path.join(root, relative), { withFileTypes: true })) {
      const child = path.posix.join(relative, entry.name);
      if (entry.isDirectory() && entry.name !== "node_modules") visit(child);
      else if (entry.isFile() && matches(child)) found.push(child);
    }
  };
  const start = fs.statSync(path.join(root, folder), { throwIfNoEntry: false });
  if (start?.isDirectory()) visit(folder);
  else if (start?.isFile() && matches(folder)) found.push(folder);
  return found.sort();
}

/** Removes a folder even where folders in it are read-only, as those of the store are. */
export function removeTree(folder: string): void {
  try {
    fs.rmSync(folder, { recursive: true, force: true });
  } catch {
    makeFoldersWritable(folder);
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function makeFoldersWritable(folder: string): void {
  fs.chmodSync(folder, 0o700);
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) makeFoldersWritable(path.join(folder, entry.name));
  }
}

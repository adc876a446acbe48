import fs from "node:fs";
import path from "node:path";
import type { Matcher } from "./patterns.ts";

/** `<mtime> <size> <inode>` of a file; `undefined` where there is none. */
export type FileState = string | undefined;

export interface Tree {
  /** Absolute, the top included. */
  readonly folders: readonly string[];
  /** The watched files below, with their states. */
  readonly files: ReadonlyMap<string, FileState>;
}

/** A folder is an environment when this is in it, whatever its name. */
const ENVIRONMENT_MARK = "pyvenv.cfg";

export function fileState(file: string): FileState {
  try {
    const stat = fs.statSync(file);
    return stat.isFile() ? `${stat.mtimeMs} ${stat.size} ${stat.ino}` : undefined;
  } catch {
    return undefined;
  }
}

/** All below `top`, which lies in or is `root`. Links to folders are not followed; what can't be read is not there. */
export function scan(top: string, root: string, patterns: Matcher): Tree {
  const folders: string[] = [];
  const files = new Map<string, FileState>();
  const left = [top];
  for (let folder = left.pop(); folder !== undefined; folder = left.pop()) {
    const entries = entriesOf(folder);
    if (folder !== root && entries.some(({ name }) => name === ENVIRONMENT_MARK)) continue;
    folders.push(folder);
    for (const entry of entries) {
      const full = path.join(folder, entry.name);
      const relative = relativeTo(root, full);
      if (patterns.isExcluded(relative)) continue;
      if (entry.isDirectory()) left.push(full);
      else if (patterns.isWatchedFile(relative)) {
        const state = fileState(full);
        if (state !== undefined) files.set(full, state);
      }
    }
  }
  return { folders, files };
}

function entriesOf(folder: string): readonly fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** With `/` on every system. */
export const relativeTo = (root: string, file: string): string => path.relative(root, file).replaceAll(path.sep, "/");

/** Whether any part of the path between the root and the file is left out. */
export function isLeftOut(root: string, file: string, patterns: Matcher): boolean {
  const parts = relativeTo(root, file).split("/");
  return parts.some((_part, index) => patterns.isExcluded(parts.slice(0, index + 1).join("/")));
}

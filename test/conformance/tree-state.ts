import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

/** What a folder holds: path -> a text that changes with type, mode, size, link target or content. */
export type TreeState = ReadonlyMap<string, string>;

/** Reads the state of everything below `root`, links not followed; empty folders are left out. */
export function treeState(root: string): TreeState {
  const state = new Map<string, string>();
  const visit = (folder: string): void => {
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) visit(file);
      else state.set(path.relative(root, file), describe(file));
    }
  };
  if (fs.existsSync(root)) visit(root);
  return state;
}

function describe(file: string): string {
  const stat = fs.lstatSync(file);
  const mode = (stat.mode & 0o7777).toString(8);
  if (stat.isSymbolicLink()) return `link to ${fs.readlinkSync(file)}`;
  if (!stat.isFile()) return `special file, mode ${mode}`;
  return `file, mode ${mode}, ${createHash("sha256").update(fs.readFileSync(file)).digest("hex")}`;
}

/** Paths that were added, changed or removed, one line each. */
export function differences(before: TreeState, after: TreeState): string[] {
  const added = [...after.keys()].filter((file) => !before.has(file)).map((file) => `${file} is new`);
  const changed = [...after].filter(([file, what]) => before.has(file) && before.get(file) !== what);
  const removed = [...before.keys()].filter((file) => !after.has(file)).map((file) => `${file} is gone`);
  return [...added, ...changed.map(([file]) => `${file} has changed`), ...removed];
}

/** Files nobody should ever make: set-user-id, set-group-id, world-writable, devices and pipes. */
export function dangerousFiles(root: string, isWanted: (file: string) => boolean): string[] {
  const found: string[] = [];
  for (const file of treeState(root).keys()) {
    if (isWanted(file)) found.push(...dangersOf(root, file));
  }
  return found;
}

function dangersOf(root: string, file: string): string[] {
  const stat = fs.lstatSync(path.join(root, file));
  if (stat.isSymbolicLink()) return [];
  if (!stat.isFile()) return [`${file} is a special file`];
  const mode = (stat.mode & 0o7777).toString(8);
  return (stat.mode & 0o6002) === 0 ? [] : [`${file} has mode ${mode}`];
}

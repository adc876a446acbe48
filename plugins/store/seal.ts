import fs from "node:fs";

/**
 * The time of change of every folder in a tree: 1 January 1980. Whoever adds, removes or replaces a file in such a folder
 * gives it another one, also root, whom no permissions hold back.
 */
const SEALED_S = 315_532_800;
const BYTECODE = "__pycache__";

/**
 * Gives every folder its place for bytecode beforehand, so that nothing which happens later changes the folder itself: neither
 * the bytecode that is compiled here nor what Python writes when root runs it.
 */
export function makeBytecodeFolders(tree: string, modules: readonly string[]): readonly string[] {
  const folders = new Set(modules.map((file) => file.slice(0, file.lastIndexOf("/") + 1) + BYTECODE));
  for (const folder of folders) fs.mkdirSync(`${tree}/${folder}`, { recursive: true });
  return [...folders];
}

/** Makes a tree's folders read-only and gives them their time. `folders` are relative, `.` among them. */
export function sealFolders(tree: string, folders: readonly string[]): void {
  const mode = 0o555 & ~process.umask();
  for (const folder of folders) {
    fs.chmodSync(`${tree}/${folder}`, mode);
    fs.utimesSync(`${tree}/${folder}`, SEALED_S, SEALED_S);
  }
}

/** Whether a folder's time of change is still the one it was given. */
export const hasSealedTime = ({ mtimeMs }: Pick<fs.Stats, "mtimeMs">): boolean => mtimeMs === SEALED_S * 1000;

/** Whether nothing was added, removed or replaced in these folders since the tree was made. Some microseconds each. */
export const isSealed = (tree: string, folders: readonly string[]): boolean =>
  folders.every((folder) => {
    const stat = fs.statSync(`${tree}/${folder}`, { throwIfNoEntry: false });
    return stat !== undefined && hasSealedTime(stat);
  });

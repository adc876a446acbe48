import fs from "node:fs";
import { hasSealedTime, SEALED_S } from "../../plugin-api/model/store-layout.ts";

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

/** Whether nothing was added, removed or replaced in these folders since the tree was made. Some microseconds each. */
export const isSealed = (tree: string, folders: readonly string[]): boolean =>
  folders.every((folder) => {
    const stat = fs.statSync(`${tree}/${folder}`, { throwIfNoEntry: false });
    return stat !== undefined && hasSealedTime(stat);
  });

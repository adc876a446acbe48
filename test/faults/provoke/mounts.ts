import { spawnSync } from "node:child_process";
import fs from "node:fs";

/** Runs a program of the system that has to succeed. */
export function must(program: string, ...words: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, words, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${words.join(" ")}: ${error?.message ?? stderr}`);
  return stdout;
}

export function mountTmpfs(folder: string): void {
  fs.mkdirSync(folder, { recursive: true });
  must("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", folder);
}

/** Makes the folder a mount of itself, so that it can be made read-only. */
export function mountItself(folder: string): void {
  fs.mkdirSync(folder, { recursive: true });
  must("mount", "--bind", folder, folder);
}

export const remount = (folder: string, options: string): void =>
  void must("mount", "-o", `remount,${options}`, folder);
/** Also while something has it open. */
export const unmount = (folder: string): void => void must("umount", "--lazy", folder);

/** What is used of a file system: bytes, and files. */
export function usedOf(folder: string): { readonly bytes: number; readonly files: number } {
  const { bsize, blocks, bfree, files, ffree } = fs.statfsSync(folder);
  return { bytes: (blocks - bfree) * bsize, files: files - ffree };
}

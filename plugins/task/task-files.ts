import fs from "node:fs";
import path from "node:path";
import { hasWildcard, matchesGlob } from "../../plugin-api/project/member-globs.ts";

/** Folders that no task reads its sources from. */
const ASIDE = new Set([".git", ".hg", ".pybun", ".venv", "__pycache__", "node_modules"]);

/**
 * Files that patterns lead to, relative to `folder` and sorted. A folder means all that is in it; a pattern that begins with `!`
 * takes files away again. Folders of environments, caches and version control are passed over.
 */
export function filesOf(folder: string, patterns: readonly string[]): readonly string[] {
  const found = new Set<string>();
  for (const pattern of patterns) {
    if (pattern.startsWith("!")) {
      for (const file of found) if (isLedTo(file, pattern.slice(1))) found.delete(file);
    } else for (const file of filesBy(folder, pattern)) found.add(file);
  }
  return [...found].sort();
}

const isLedTo = (file: string, pattern: string): boolean =>
  matchesGlob(file, pattern) || matchesGlob(file, `${pattern}/**`);

function* filesBy(folder: string, pattern: string): Iterable<string> {
  const parts = pattern.split(/[/\\]/).filter((part) => part !== "" && part !== ".");
  const wild = parts.findIndex(hasWildcard);
  const start = parts.slice(0, wild < 0 ? parts.length : wild).join("/");
  for (const file of below(folder, start)) if (isLedTo(file, pattern)) yield file;
}

function* below(folder: string, relative: string): Iterable<string> {
  const stat = fs.statSync(path.join(folder, relative), { throwIfNoEntry: false });
  if (stat?.isFile()) yield relative;
  if (!stat?.isDirectory()) return;
  for (const { name } of fs.readdirSync(path.join(folder, relative), { withFileTypes: true }))
    if (!ASIDE.has(name)) yield* below(folder, relative === "" ? name : `${relative}/${name}`);
}

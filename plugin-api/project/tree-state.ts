import fs from "node:fs";
import path from "node:path";

/** Folders that no build takes anything from: version control, environments, caches, and what builds write. */
const LEFT_OUT = /^(?:\.git|\.hg|\.svn|\.?venv|\.pybun|\.tox|\.nox|node_modules|build|dist)$/;
const LEFT_OUT_BELOW = /^(?:\..*_cache|__pycache__|.*\.egg-info)$/;
/** Trees with more in them are built: to look at all of it would take as long. */
const MOST_ENTRIES = 20_000;
/** Clocks of file systems tick so often at least. */
const TICK_MS = 20;

/**
 * What a tree's files are like, by their names, sizes and times: who writes into one, or puts another in its place, changes
 * that. Undefined where it can't be told: a link that leads to a folder, too many files, or one that was changed `sinceMs`
 * (milliseconds since 1970, now without it). `without`: names of files in the tree itself that are told of in another way.
 */
export function treeState(tree: string, sinceMs = Date.now(), without: readonly string[] = []): string | undefined {
  const lines: string[] = [];
  const untilMs = sinceMs - TICK_MS;
  const folders = [""];
  for (let below = folders.pop(); below !== undefined; below = folders.pop()) {
    for (const entry of fs.readdirSync(path.join(tree, below), { withFileTypes: true })) {
      const name = below + entry.name;
      if (without.includes(name)) continue;
      if (entry.isDirectory()) {
        if (!LEFT_OUT_BELOW.test(entry.name) && !(below === "" && LEFT_OUT.test(entry.name))) {
          folders.push(`${name}/`);
          lines.push(`${name}/`);
        }
        continue;
      }
      const stat = fs.statSync(path.join(tree, name), { throwIfNoEntry: false });
      if (stat?.isDirectory() || lines.length === MOST_ENTRIES) return undefined;
      const { size = -1, mtimeMs = -1, ctimeMs = -1, ino = -1, mode = -1 } = stat ?? {};
      if (Math.max(mtimeMs, ctimeMs) > untilMs) return undefined;
      lines.push([name, size, mtimeMs, ctimeMs, ino, mode].join("\0"));
    }
  }
  return lines.sort().join("\n");
}

import fs from "node:fs";
import path from "node:path";

const MAGIC = /[*?[]/;

/** Whether a pattern has wildcards, or is simply the path of a folder. */
export const hasWildcard = (pattern: string): boolean => MAGIC.test(pattern);

/**
 * Folders below `root` that a pattern leads to, sorted; `visited` is told every folder whose entries were read. `*`, `?` and
 * `[…]` stay within one part of a path, `**` stands for any number of folders. Hidden folders are found by name only.
 */
export function expandGlob(root: string, pattern: string, visited: (folder: string) => void): readonly string[] {
  let folders: readonly string[] = [root];
  for (const part of partsOf(pattern)) {
    if (part === "**") folders = [...new Set(folders.flatMap((folder) => [folder, ...below(folder, visited)]))];
    else if (hasWildcard(part)) folders = folders.flatMap((folder) => matching(folder, part, visited));
    else folders = folders.map((folder) => path.join(folder, part));
  }
  return [...new Set(folders)].filter(isFolder).sort();
}

/** Whether a folder, given relative to the root, is one that the pattern leads to. Looks at no file. */
export function matchesGlob(relative: string, pattern: string): boolean {
  const source = partsOf(pattern)
    .map((part) => (part === "**" ? "(?:[^/]+/)*" : `${sourceOf(part)}/`))
    .join("");
  return new RegExp(`^${source}$`).test(`${partsOf(relative).join("/")}/`);
}

const partsOf = (pattern: string): readonly string[] =>
  pattern.split(/[/\\]/).filter((part) => part !== "" && part !== ".");

function matching(folder: string, part: string, visited: (folder: string) => void): readonly string[] {
  const pattern = new RegExp(`^${sourceOf(part)}$`);
  const names = foldersIn(folder, visited).filter((name) => pattern.test(name));
  return names.map((name) => path.join(folder, name));
}

function below(folder: string, visited: (folder: string) => void): readonly string[] {
  const direct = foldersIn(folder, visited).map((name) => path.join(folder, name));
  return direct.flatMap((each) => [each, ...below(each, visited)]);
}

function foldersIn(folder: string, visited: (folder: string) => void): readonly string[] {
  visited(folder);
  try {
    const entries = fs.readdirSync(folder, { withFileTypes: true });
    return entries
      .filter((entry) => !entry.name.startsWith(".") && entry.name !== "node_modules")
      .filter((entry) => entry.isDirectory() || (entry.isSymbolicLink() && isFolder(path.join(folder, entry.name))))
      .map(({ name }) => name);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw error;
  }
}

const isFolder = (file: string): boolean => fs.statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;

/** A part of a pattern as a regular expression. A `[` that is not closed stands for itself. */
function sourceOf(part: string): string {
  return part.replace(/\[[!^]?[^\]]+\]|[*?]|[\\^$.|+(){}[\]]/g, (found) => {
    if (found === "*") return "[^/]*";
    if (found === "?") return "[^/]";
    if (found.length === 1) return `\\${found}`;
    return found.replace(/^\[!/, "[^").replaceAll("\\", "\\\\");
  });
}

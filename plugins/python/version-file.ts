import fs from "node:fs";
import path from "node:path";

export const VERSION_FILE = ".python-version";

/** The nearest `.python-version`, and its lines in order. */
export interface VersionFile {
  readonly path: string;
  /** Requests and names of pyenv's versions; comments and blank lines left out. */
  readonly lines: readonly { readonly text: string; readonly line: number }[];
}

/**
 * Looks for `.python-version` from `cwd` up to the project root, or up to the home directory outside of a project
 * (SPEC PY-10). A file without any version is passed over, as pyenv does.
 */
export function findVersionFile(
  cwd: string,
  limits: { projectRoot: string | undefined; home: string },
): VersionFile | undefined {
  const last = limits.projectRoot ?? limits.home;
  for (let folder = cwd; ; folder = path.dirname(folder)) {
    const file = readVersionFile(path.join(folder, VERSION_FILE));
    if (file) return file;
    if (folder === last || folder === path.dirname(folder)) return undefined;
  }
}

function readVersionFile(file: string): VersionFile | undefined {
  if (!fs.statSync(file, { throwIfNoEntry: false })?.isFile()) return undefined;
  const lines = fs
    .readFileSync(file, "utf8")
    .split(/\r?\n/)
    .flatMap((text, index) => words(text.replace(/#.*/, "").trim()).map((text) => ({ text, line: index + 1 })));
  return lines.length === 0 ? undefined : { path: file, lines };
}

/** pyenv takes several names on a line; blanks in a specifier separate nothing. */
const words = (line: string): readonly string[] =>
  /^[<>=!~]/.test(line) ? [line] : line.split(/\s+/).filter((word) => word !== "");

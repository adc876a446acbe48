import path from "node:path";

/** Files whose coming, going or changing can make another project, settings or environment of what a folder holds. */
export const MARKS = [
  "pyproject.toml",
  "pyproject.dx",
  "pybun.lockb",
  ".pybun/config.toml",
  // A change that was begun, and may have been left in the middle (project-mark.ts).
  ".pybun/change.json",
  "uv.toml",
  ".python-version",
  ".pybun/venv/pyvenv.cfg",
  ".venv/pyvenv.cfg",
];

/** All of them in a folder and those above it; absolute, whether they are there or not. */
export function marksAbove(cwd: string): readonly string[] {
  const files: string[] = [];
  for (let folder = cwd; ; folder = path.dirname(folder)) {
    for (const mark of MARKS) files.push(path.join(folder, mark));
    if (path.dirname(folder) === folder) return files;
  }
}

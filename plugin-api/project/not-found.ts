import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../error.ts";

/**
 * `E_PROJECT_NOT_FOUND` where a command acts on a project. `about`: what follows from that, such as `, so there are no tasks`;
 * `folder`: where it was looked for, of which the hints speak.
 */
export const projectNotFound = (about = "", folder?: string): PybunError =>
  new PybunError("E_PROJECT_NOT_FOUND", `no pyproject.toml in this directory or above${about}`, {
    hints: folder === undefined ? [START] : hintsFor((name) => fs.existsSync(path.join(folder, name))),
  });

const START = "go to the project's directory, or start a project here: `pybun init`";

/** A project from before pyproject.toml is best not begun anew. */
function hintsFor(has: (name: string) => boolean): readonly string[] {
  if (has("setup.py")) return ["for a project that is a setup.py there are pip's commands: `pybun pip install -e .`"];
  if (has("Pipfile")) return ["make one from the Pipfile: `pybun config import`"];
  if (!has("requirements.txt")) return [START];
  return [START, "then take over what requirements.txt lists: `pybun add -r requirements.txt`"];
}

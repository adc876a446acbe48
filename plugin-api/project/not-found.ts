import { PybunError } from "../error.ts";

/** `E_PROJECT_NOT_FOUND` where a command acts on a project. `about`: what follows from that, such as `, so there are no tasks`. */
export const projectNotFound = (about = ""): PybunError =>
  new PybunError("E_PROJECT_NOT_FOUND", `no pyproject.toml in this directory or above${about}`, {
    hints: ["go to the project's directory, or start a project here: `pybun init`"],
  });

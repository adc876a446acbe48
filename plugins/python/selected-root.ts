import fs from "node:fs";
import path from "node:path";
import type { Around } from "./choose.ts";

/**
 * Folder of the environment the working directory would use (SPEC ENV-02), as far as that does not itself depend on an
 * interpreter: asking the `Environments` service here would go round in circles. What is broken is passed over; using
 * it is where that is an error.
 */
export function selectedRoot({
  place,
  cwd,
  projectRoot,
}: Pick<Around, "place" | "cwd" | "projectRoot">): string | undefined {
  const { env, dataDir } = place;
  const named = env["PYBUN_ENV"];
  const roots = [
    named && path.resolve(cwd, named),
    named && path.join(dataDir, "envs", named),
    projectRoot && path.join(projectRoot, ".pybun", "venv"),
    projectRoot && path.join(projectRoot, ".venv"),
    env["VIRTUAL_ENV"],
    env["CONDA_PREFIX"],
  ];
  return roots.find((root) => root && isEnvironment(root)) || undefined;
}

const isEnvironment = (root: string): boolean =>
  fs.existsSync(path.join(root, "pyvenv.cfg")) || fs.existsSync(path.join(root, "conda-meta"));

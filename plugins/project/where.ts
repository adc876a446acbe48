import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import { type WorkspaceAround, workspaceAbove } from "../../plugin-api/project/find-workspace.ts";
import { Environments, Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { recoverProject } from "../../plugin-api/system/project-change.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";

/** Where a new project is to be. */
export interface Where {
  /** Absolute; need not exist. */
  readonly folder: string;
  /** Relative to the working directory where it lies in there. */
  readonly shown: string;
  /** The nearest workspace above, unless it excludes the folder. */
  readonly workspace?: WorkspaceAround;
  /** A git repository is around. */
  readonly isInRepository: boolean;
}

/** Looks at the place for a new project. Throws `E_PROJECT_EXISTS`, and system errors. */
export async function lookAround(given: string | undefined, session: Session): Promise<Where> {
  const { home } = await session.use(Host);
  const folder = path.resolve(session.cwd, given ?? ".");
  const show = (file: string): string => showPath(file, { cwd: session.cwd, home });
  const above = workspaceAbove(folder, home);
  const environments = await session.use(Environments);
  // What a killed call left half done is completed or removed first.
  for (const root of [folder, ...(above ? [above.root] : [])])
    await recoverProject(root, {
      signal: session.signal,
      completeEnvironment: (environment) => environments.alone(environment, () => undefined),
    });
  for (const name of ["pyproject.toml", "pyproject.dx"])
    if (isThere(path.join(folder, name))) throw exists(show(path.join(folder, name)));
  return {
    folder,
    shown: show(folder),
    ...(above && !above.isExcluded && { workspace: above }),
    isInRepository: ancestors(folder).some((each) => fs.existsSync(path.join(each, ".git"))),
  };
}

/** Also a link that leads nowhere. */
export const isThere = (file: string): boolean => fs.lstatSync(file, { throwIfNoEntry: false }) !== undefined;

export const exists = (shown: string): PybunError =>
  new PybunError("E_PROJECT_EXISTS", `${shown} exists already`, {
    file: shown,
    evidence: ["nothing was changed"],
    hints: [
      shown.endsWith(".py")
        ? "choose another name for the script: `pybun help init`"
        : "to take packages into the project that is there: `pybun add <package>`",
    ],
  });

function ancestors(folder: string): readonly string[] {
  const above = path.dirname(folder);
  return above === folder ? [folder] : [folder, ...ancestors(above)];
}

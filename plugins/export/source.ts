import fs from "node:fs";
import path from "node:path";
import { warning } from "../../plugin-api/diagnostic.ts";
import { PybunError } from "../../plugin-api/error.ts";
import { Locks } from "../../plugin-api/lock/current.ts";
import { readLock } from "../../plugin-api/lock/read.ts";
import type { Lock } from "../../plugin-api/model/lock.ts";
import type { Project } from "../../plugin-api/project/read-project.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";

/** A lock to export, and the project it is of where that is known. */
export interface ExportSource {
  /** Absolute. */
  readonly file: string;
  readonly lock: Lock;
  readonly project?: Project;
}
interface Asked {
  readonly file: string | undefined;
  readonly script: string | undefined;
  readonly locked: boolean;
  readonly frozen: boolean;
}

/**
 * The lock that was named, else the project's as it is: one that does not match the project is told of, or refused with
 * `--locked`. Throws `E_PROJECT_NOT_FOUND`, `E_LOCK_MISSING`, `E_LOCK_STALE`, `E_LOCK_INVALID`.
 */
export async function sourceOf({ file, script, locked, frozen }: Asked, session: Session): Promise<ExportSource> {
  const named = file ?? (script === undefined ? undefined : `${script}.lockb`);
  if (named !== undefined) return fromFile(path.resolve(session.cwd, named), session);
  const { projectRoot } = await session.use(Host);
  if (projectRoot !== undefined && !isProject(projectRoot))
    return fromFile(path.join(projectRoot, "pybun.lockb"), session);
  const current = await (await session.use(Locks)).current(locked ? "locked" : "as it is");
  if (current.isStale && !frozen)
    session.emit({
      type: "Diagnostic",
      diagnostic: warning("W_LOCK_STALE", `${current.shown} does not match the project; it is exported as it is`, {
        hints: ["update it: `pybun lock`"],
      }),
    });
  return current;
}

/** A lock can lie somewhere without its project. */
const isProject = (folder: string): boolean =>
  ["pyproject.toml", "pyproject.dx"].some((name) => fs.existsSync(path.join(folder, name)));

/** Without a project only what it requires is exported. */
async function fromFile(file: string, session: Session): Promise<ExportSource> {
  const view = readLock(file);
  if (view) return { file, lock: view.lock() };
  const { home } = await session.use(Host);
  throw new PybunError("E_LOCK_MISSING", `there is no ${showPath(file, { cwd: session.cwd, home })}`, {
    file,
    hints: ["make one: `pybun lock`"],
  });
}

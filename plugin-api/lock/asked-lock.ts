import fs from "node:fs";
import path from "node:path";
import { warning } from "../diagnostic.ts";
import { PybunError } from "../error.ts";
import type { Lock } from "../model/lock.ts";
import type { Project } from "../project/read-project.ts";
import { Host } from "../services.ts";
import type { Session } from "../session.ts";
import { shellJoin } from "../shell-word.ts";
import { recoverScript } from "../system/script-change.ts";
import { showPath } from "../text/show-path.ts";
import { type CurrentLock, Locks } from "./current.ts";
import { readLock } from "./read.ts";

/** A lock that is looked at, and the project it is of where that is known. */
export interface AskedLock {
  /** Absolute. */
  readonly file: string;
  readonly lock: Lock;
  readonly project?: Project;
  /** The project's own lock, which nothing had to be said about: what it leads to may be noted. */
  readonly current?: CurrentLock;
}
/** Which lock a call asks for: by a file's name, by a script's, else the project's. */
export interface LockWish {
  readonly file?: string | undefined;
  readonly script?: string | undefined;
  /** It has to match the project. */
  readonly locked?: boolean;
  /** Whether it does is not told. */
  readonly frozen?: boolean;
  /** What happens to one that does not match: `it is exported as it is`. */
  readonly otherwise: string;
}

/**
 * The lock that was named, else the project's as it is, with `W_LOCK_STALE` where it does not match the project. Throws
 * `E_PROJECT_NOT_FOUND`, `E_LOCK_MISSING`, `E_LOCK_STALE`, `E_LOCK_INVALID`.
 */
export async function askedLock(wish: LockWish, session: Session): Promise<AskedLock> {
  const { file, script, locked, frozen, otherwise } = wish;
  if (script !== undefined) await recoverScript(path.resolve(session.cwd, script), session.signal);
  const named = file ?? (script === undefined ? undefined : `${script}.lockb`);
  if (named !== undefined) return fromFile(path.resolve(session.cwd, named), wish, session);
  const { projectRoot } = await session.use(Host);
  if (projectRoot !== undefined && !isProject(projectRoot))
    return fromFile(path.join(projectRoot, "pybun.lockb"), wish, session);
  const current = await (await session.use(Locks)).current(locked ? "locked" : "as it is");
  if (current.isStale && !frozen)
    session.emit({
      type: "Diagnostic",
      diagnostic: warning("W_LOCK_STALE", `${current.shown} does not match the project; ${otherwise}`, {
        hints: ["update it: `pybun lock`"],
      }),
    });
  const { project, lock } = current;
  const isQuiet = !current.hasNotices && (frozen === true || !current.isStale);
  return { file: current.file, lock, project, ...(isQuiet && { current }) };
}

/** A lock can lie somewhere without its project. */
const isProject = (folder: string): boolean =>
  ["pyproject.toml", "pyproject.dx"].some((name) => fs.existsSync(path.join(folder, name)));

async function fromFile(file: string, { script }: LockWish, session: Session): Promise<AskedLock> {
  const view = readLock(file);
  if (view) return { file, lock: view.lock() };
  const { home } = await session.use(Host);
  const command = script === undefined ? "pybun lock" : shellJoin(["pybun", "lock", "--script", script]);
  throw new PybunError("E_LOCK_MISSING", `there is no ${showPath(file, { cwd: session.cwd, home })}`, {
    file,
    hints: [`make one: \`${command}\``],
  });
}

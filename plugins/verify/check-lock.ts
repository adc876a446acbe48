import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import { readLock } from "../../plugin-api/lock/read.ts";
import type { Lock } from "../../plugin-api/model/lock.ts";
import { readProject } from "../../plugin-api/project/read-project.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";
import type { Finding } from "./finding.ts";

export interface LockCheck {
  readonly path: string;
  readonly packages: number;
  readonly findings: readonly Finding[];
  /** Absent where it can't be read. */
  readonly lock?: Lock;
}

/** Checks the project's lock against its own hashes, and every entry in it; undefined without a project, or without a lock. */
export async function checkLock(session: Session): Promise<LockCheck | undefined> {
  const { projectRoot, home } = await session.use(Host);
  if (projectRoot === undefined) return undefined;
  const file = path.join(readProject(projectRoot).root, "pybun.lockb");
  try {
    const view = readLock(file, { isVerified: true });
    if (view === undefined) return undefined;
    view.verify();
    return { path: file, packages: view.packageCount, findings: [], lock: view.lock() };
  } catch (error) {
    if (!(error instanceof PybunError)) throw error;
    const subject = showPath(file, { cwd: session.cwd, home });
    return {
      path: file,
      packages: 0,
      findings: [{ scope: "lock", subject, path: "", problem: error.message, action: "none", mend: "lock" }],
    };
  }
}

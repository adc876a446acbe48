import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import { lockJson } from "../../plugin-api/lock/json.ts";
import { formatLock } from "../../plugin-api/lock/text.ts";
import { projectNotFound } from "../../plugin-api/project/not-found.ts";
import type { Report } from "../../plugin-api/report.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";
import { readLock } from "./kept.ts";

interface Options {
  readonly print: boolean;
  readonly json: boolean;
  readonly file: string | undefined;
  readonly script: string | undefined;
}

/** Prints a lock as text or JSON (SPEC LOCK-04, LOCK-05); with `--file` any lock, with or without its project. */
export default async function show(options: Options, session: Session): Promise<Report> {
  const { projectRoot, home } = await session.use(Host);
  const named = options.file ?? (options.script === undefined ? undefined : `${options.script}.lockb`);
  if (named === undefined && projectRoot === undefined) throw projectNotFound();
  const file = named === undefined ? path.join(projectRoot as string, "pybun.lockb") : path.resolve(session.cwd, named);
  const view = readLock(file);
  if (!view)
    throw new PybunError("E_LOCK_MISSING", `there is no ${showPath(file, { cwd: session.cwd, home })}`, {
      file,
      hints: [named === undefined ? "make one: `pybun lock`" : "check the path"],
    });
  const lock = view.lock();
  const decoded = lockJson(lock, { path: file });
  return {
    exitCode: 0,
    data: { path: file, ...decoded },
    text: () => (options.json ? JSON.stringify(decoded, undefined, 2) : formatLock(lock, { path: file }).trimEnd()),
  };
}

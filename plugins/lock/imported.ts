import path from "node:path";
import { importLock } from "../../plugin-api/lock/import/import-lock.ts";
import type { Lock } from "../../plugin-api/model/lock.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";

/**
 * The lock so far with the versions of another tool's lock in place of its own (SPEC EXP-02). It holds versions and places
 * only, for the resolver to prefer. Throws `E_FOREIGN_LOCK`, `E_REQUIREMENTS_INVALID`.
 */
export async function withImported(previous: Lock | undefined, named: string, session: Session): Promise<Lock> {
  const { cwd } = session;
  const { env, home } = await session.use(Host);
  const file = path.resolve(cwd, named);
  const { lock } = await importLock({ file, shown: showPath(file, { cwd, home }), cwd, env });
  const isImported = new Set(lock.packages.map(({ name }) => name));
  const others = (previous?.packages ?? []).filter(({ name }) => !isImported.has(name));
  const packages = [...lock.packages, ...others.map((each) => ({ ...each, dependencies: [] }))];
  return { ...(previous ?? lock), packages, roots: [] };
}

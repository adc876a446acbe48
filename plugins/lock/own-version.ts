import path from "node:path";
import type { OwnVersion } from "../../plugin-api/lock/current.ts";
import { encodeLock } from "../../plugin-api/lock/encode.ts";
import type { Lock, LockedPackage } from "../../plugin-api/model/lock.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import { parseSpecifier, satisfies } from "../../plugin-api/python/specifier.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { digestOf } from "../../plugin-api/system/journal.ts";
import { isOwn } from "./change.ts";
import { readLock } from "./kept.ts";
import { placeOf } from "./solve.ts";
import { LockState } from "./state.ts";

/** Which versions were chosen does not hang on a project's own: only its entry is written anew. */
export async function withOwnVersion(
  name: PackageName,
  version: string,
  session: Session,
): Promise<OwnVersion | undefined> {
  const { projectRoot } = await session.use(Host);
  if (projectRoot === undefined) return undefined;
  const { root } = (await session.use(LockState)).project(projectRoot);
  const place = await placeOf(path.join(root, "pybun.lockb"), session);
  const was = digestOf(place.path);
  const lock = readLock(place.path, place)?.lock();
  const index = lock?.packages.findIndex((each) => each.name === name && isOwn(each)) ?? -1;
  if (lock === undefined || index < 0) return undefined;
  const against = edgesAgainst(lock, index, version);
  if (lock.packages[index]?.version === version) return { against };
  const packages = lock.packages.map((each, at) => (at === index ? { ...each, version } : each));
  return { changed: { file: place.path, content: encodeLock({ ...lock, packages }, place), was }, against };
}

const edgesAgainst = ({ packages }: Lock, index: number, version: string): OwnVersion["against"] =>
  packages.flatMap(({ name, dependencies }: LockedPackage) =>
    dependencies.flatMap(({ to, specifier }) =>
      to !== index || satisfies(parseSpecifier(specifier), version, { prereleases: true }) ? [] : [{ name, specifier }],
    ),
  );

import path from "node:path";
import type { Environment } from "../../plugin-api/model/environment.ts";
import type { Session } from "../../plugin-api/session.ts";
import { type Distribution, distributionsIn, inFolders, isNamed } from "./distributions.ts";
import { placeFor, selectedEnvironment } from "./place.ts";

export interface ReadOptions {
  readonly local: boolean;
  readonly user: boolean;
  readonly path: readonly string[];
  readonly exclude: readonly string[];
}
export interface ReadPlace {
  readonly environment: Environment | undefined;
  readonly distributions: readonly Distribution[];
}

/** The distributions that the options of `list` and `freeze` have in view; none where there is no environment. */
export async function readPlace(options: ReadOptions, session: Session): Promise<ReadPlace> {
  const environment = await selectedEnvironment(session);
  const all = await inView(options, environment, session);
  const isExcluded = isNamed(options.exclude);
  return { environment, distributions: all.filter(({ name }) => !isExcluded(name)) };
}

async function inView(
  { local, user, path: folders }: ReadOptions,
  environment: Environment | undefined,
  session: Session,
): Promise<readonly Distribution[]> {
  if (folders.length > 0) {
    const absolute = folders.map((folder) => path.resolve(session.cwd, folder));
    return inFolders(absolute, environment?.root ?? "", session);
  }
  if (!environment) return [];
  if (user) {
    const isUser = environment.interpreter.isVirtual ? undefined : await placeFor({ user, dryRun: true }, session);
    return isUser?.existing ? inFolders([isUser.existing.sitePackages], isUser.destination.root, session) : [];
  }
  const all = await distributionsIn(environment, session);
  return local ? all.filter(({ isLocal }) => isLocal) : all;
}

import type { PackageName, Requirement } from "../model/requirement.ts";
import { Host } from "../services.ts";
import type { Session } from "../session.ts";

/** What will be asked of a resolver. */
export interface Beginning {
  readonly requirements: readonly Requirement[];
  /** Names of packages for which something else may decide where they come from: these are left to the resolver. */
  readonly special: readonly string[];
}

/**
 * Asks for the pages of what is required in any case while something else takes its time, such as asking a Python what it is, so
 * that index, connection and answer are there sooner. What fails is met again by the resolver.
 */
export async function firstPages(
  beginning: () => Beginning,
  meanwhile: Promise<unknown>,
  session: Session,
): Promise<void> {
  let isOver = false;
  const end = (): void => {
    isOver = true;
  };
  meanwhile.then(end, end);
  // Where all is known already, that is over at once.
  await new Promise(setImmediate);
  if (isOver || (await session.use(Host)).isOffline) return;
  const { requirements, special } = beginning();
  const elsewhere = new Set<string>(special);
  const names = new Set<PackageName>();
  for (const { name, url, index, marker } of requirements) {
    if (url !== undefined || index !== undefined) elsewhere.add(name);
    else if (marker === "") names.add(name);
  }
  const plain = [...names].filter((name) => !elsewhere.has(name));
  await Promise.all(plain.map((name) => session.run("fetch.versions", { name }).catch(() => undefined)));
}

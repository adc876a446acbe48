import type { PackageName } from "../../plugin-api/model/requirement.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import type { LockInputs } from "./inputs.ts";

/**
 * Asks for the pages of what the project requires itself while something else takes its time, such as asking a Python what it is: they
 * are needed in any case, so that index, connection and answer are there sooner. What fails is met again by the resolver.
 */
export async function firstPages(inputs: LockInputs, meanwhile: Promise<unknown>, session: Session): Promise<void> {
  let isOver = false;
  const end = (): void => {
    isOver = true;
  };
  meanwhile.then(end, end);
  // Where all is known already, that is over at once.
  await new Promise(setImmediate);
  if (isOver || (await session.use(Host)).isOffline) return;
  const { roots, own, constraints, overrides, indexPins, exclusions } = inputs;
  // What decides where a package comes from is left to the resolver.
  const special = new Set<string>([
    ...[...own, ...constraints, ...overrides].map(({ requirement }) => requirement.name),
    ...indexPins.map(({ name }) => name),
    ...exclusions,
  ]);
  const names = new Set<PackageName>();
  for (const { demand } of roots) {
    const { name, url, index, marker } = demand.requirement;
    if (url !== undefined || index !== undefined) special.add(name);
    else if (marker === "") names.add(name);
  }
  const plain = [...names].filter((name) => !special.has(name));
  await Promise.all(plain.map((name) => session.run("fetch.versions", { name }).catch(() => undefined)));
}

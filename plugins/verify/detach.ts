import fs from "node:fs";
import path from "node:path";
import { Environments } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import type { HeldByEnvironment } from "../../plugin-api/store-upkeep.ts";

/** What was taken out of the store. */
export interface Detaching {
  readonly ids: ReadonlySet<string>;
  readonly session: Session;
}

/**
 * Takes distributions out of an environment whose links lead nowhere now: the links, and the metadata, by which everybody sees
 * that the distribution is missing. One whose files the environment has itself stays.
 */
export async function detach(
  root: string,
  { links, distributions }: HeldByEnvironment,
  { ids, session }: Detaching,
): Promise<void> {
  const dangling = links.filter(({ id }) => ids.has(id));
  if (dangling.length === 0) return;
  const linked = new Set(dangling.map(({ id }) => id));
  const infoDirs = [...distributions].flatMap(([infoDir, id]) => (linked.has(id) ? [infoDir] : []));
  await (await session.use(Environments)).alone(root, () => {
    for (const { at } of dangling) if (!fs.existsSync(at)) fs.rmSync(at, { force: true });
    for (const site of new Set(dangling.map(({ at }) => sitePackagesOf(at))))
      for (const infoDir of infoDirs) fs.rmSync(path.join(site, infoDir), { recursive: true, force: true });
  });
}

function sitePackagesOf(link: string): string {
  let folder = path.dirname(link);
  while (!/^(?:site|dist)-packages$/.test(path.basename(folder)) && path.dirname(folder) !== folder)
    folder = path.dirname(folder);
  return folder;
}

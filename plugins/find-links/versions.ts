import { PybunError } from "../../plugin-api/error.ts";
import type { VersionPage } from "../../plugin-api/model/distribution.ts";
import type { Perform } from "../../plugin-api/plugin.ts";
import { Host } from "../../plugin-api/services.ts";
import { type Session, settingsOf } from "../../plugin-api/session.ts";
import type { VersionsQuery } from "../../plugin-api/stages.ts";
import { settings } from "./settings.ts";
import { Shelves } from "./shelves-key.ts";

const OWN = "find-links";

/**
 * Answers `fetch.versions` with the archives of all places and the pages of whoever else knows the package: all of them
 * compete, and between equal files the nearer one is taken.
 */
const findVersions: Perform<"fetch.versions"> = async (query, session) => {
  if (query.requirement?.url !== undefined || query.skip?.includes(OWN)) return undefined;
  if (settingsOf(session, settings).findLinks.length === 0) return undefined;
  const shelves = await session.use(Shelves);
  if (query.index !== undefined) {
    const named = (await shelves.pages(query.name)).filter(({ index }) => index === query.index);
    // Of a package that has to come from an index, places have nothing to say.
    return named.length === 0 ? undefined : named;
  }
  const asked = others(query, session);
  // Should a place turn out unreadable, nobody waits for the index's answer any more.
  asked.catch(() => undefined);
  const own = await shelves.pages(query.name);
  const filled = own.filter(({ count }) => count > 0);
  const more = await asked.catch(async (error: unknown) => {
    const isEnough = filled.length > 0 && isMissingOffline(error) && (await session.use(Host)).isOffline;
    if (isEnough) return [];
    throw error;
  });
  const isFound = filled.length > 0 || more.some(({ count }) => count > 0);
  // Places without the package would only slow the merge down; where nobody has it, they tell where it was looked for.
  return [...(isFound ? filled : own), ...more];
};
export default findVersions;

/** The pages of all other plugins; none when indexes are off. */
async function others(query: VersionsQuery, session: Session): Promise<readonly VersionPage[]> {
  try {
    return await session.run("fetch.versions", { ...query, skip: [...(query.skip ?? []), OWN] });
  } catch (error) {
    if (error instanceof PybunError && error.code === "E_NO_HANDLER") return [];
    throw error;
  }
}

const isMissingOffline = (error: unknown): boolean => error instanceof PybunError && error.code === "E_OFFLINE_MISS";

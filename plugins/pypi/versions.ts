import type { AtHand, Perform } from "../../plugin-api/plugin.ts";
import type { VersionsQuery } from "../../plugin-api/stages.ts";
import { keptPages, pagesOf } from "./pages.ts";
import { IndexState, stateAtHand } from "./state.ts";

/** Answers with the pages of the configured indexes; declines direct references, which name their candidate themselves. */
const findVersions: Perform<"fetch.versions"> = async (query, session) =>
  isLeftToOthers(query) ? undefined : pagesOf(query, await session.use(IndexState));
export default findVersions;

/** Pages that may be used as they are kept. */
export const atHand: AtHand<"fetch.versions"> = (query, session) => {
  const state = stateAtHand(session);
  return state && !isLeftToOthers(query) ? keptPages(query, state) : undefined;
};

const isLeftToOthers = ({ requirement, skip }: VersionsQuery): boolean =>
  requirement?.url !== undefined || skip?.includes("pypi") === true;

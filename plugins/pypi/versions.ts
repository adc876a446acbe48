import type { Perform } from "../../plugin-api/plugin.ts";
import { pagesOf } from "./pages.ts";
import { IndexState } from "./state.ts";

/** Answers with the pages of the configured indexes; declines direct references, which name their candidate themselves. */
const findVersions: Perform<"fetch.versions"> = async ({ name, requirement, index, skip }, session) => {
  if (requirement?.url !== undefined || skip?.includes("pypi")) return undefined;
  return pagesOf({ name, ...(index !== undefined && { index }) }, await session.use(IndexState));
};
export default findVersions;

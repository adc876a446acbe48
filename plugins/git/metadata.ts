import type { Perform } from "../../plugin-api/plugin.ts";
import { GitState } from "./git-key.ts";
import { referenceOf } from "./reference.ts";

/** Answers for sources that are commits of git repositories, whether just looked up or pinned by a lock. */
const readMetadata: Perform<"fetch.metadata"> = async ({ name, source, interpreter }, session) => {
  if (source.kind !== "git") return undefined;
  const state = await session.use(GitState);
  const reference = referenceOf(name, source);
  const inspection = { name, reference, commit: source.commit, ...(interpreter && { interpreter }) };
  return (await state.inspect(inspection)).metadata;
};
export default readMetadata;

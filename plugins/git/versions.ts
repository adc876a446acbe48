import { pageOfFound } from "../../plugin-api/page/one-release.ts";
import type { Perform } from "../../plugin-api/plugin.ts";
import { isGitUrl } from "../../plugin-api/python/git-url.ts";
import { GitState } from "./git-key.ts";
import { readReference } from "./reference.ts";

/** Answers for requirements from git repositories: the one candidate is the project at the commit that is meant. */
const findInGit: Perform<"fetch.versions"> = async ({ name, requirement, interpreter }, session) => {
  if (requirement?.url === undefined || !isGitUrl(requirement.url)) return undefined;
  const reference = readReference(name, requirement.url);
  const state = await session.use(GitState);
  return [await pageOfFound(name, state.inspect({ name, reference, ...(interpreter && { interpreter }) }))];
};
export default findInGit;

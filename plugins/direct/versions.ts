import { pageOfFound } from "../../plugin-api/page/one-release.ts";
import type { Perform } from "../../plugin-api/plugin.ts";
import { DirectState } from "./direct-key.ts";
import { parseReference } from "./reference.ts";

/** Answers for requirements with a URL that nobody else has taken: the one candidate is what lies there. */
const findDirect: Perform<"fetch.versions"> = async ({ name, requirement, interpreter }, session) => {
  if (requirement?.url === undefined) return undefined;
  const reference = parseReference(name, requirement.url, session.cwd);
  const state = await session.use(DirectState);
  return [await pageOfFound(name, state.inspect({ name, reference, ...(interpreter && { interpreter }) }))];
};
export default findDirect;

import type { LockRequest } from "../../plugin-api/model/lock.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import type { Prepare } from "../../plugin-api/plugin.ts";
import { GitState } from "./git-key.ts";

/** Before a universal resolution: branches and tags mean the commits that are locked, until those are to be upgraded. */
const beforeLock: Prepare<"lock"> = async (request, session) => {
  const packages = request.previous?.packages ?? [];
  for (const { name, source } of packages) {
    if (source.kind !== "git") continue;
    const state = await session.use(GitState);
    state.settle(source, isUpgraded(request, name) ? undefined : source.commit);
  }
  return request;
};
export default beforeLock;

const isUpgraded = ({ upgrade }: LockRequest, name: PackageName): boolean =>
  upgrade === true || upgrade?.has(name) === true;

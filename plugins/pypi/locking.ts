import type { LockRequest } from "../../plugin-api/model/lock.ts";
import type { Prepare } from "../../plugin-api/plugin.ts";
import type { Asked } from "./refresh-ahead.ts";
import { IndexState } from "./state.ts";

/** Before a universal resolution: notes what is asked, to know next time where it leads. */
const beforeLock: Prepare<"lock"> = async (request, session) => {
  const state = await session.use(IndexState);
  state.ahead.begin(askedOf(request));
  return request;
};
export default beforeLock;

export const askedOf = ({ roots, constraints }: LockRequest): Asked => ({
  demands: roots.map(({ demand }) => demand),
  constraints,
});

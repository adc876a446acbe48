import type { Prepare } from "../../plugin-api/plugin.ts";
import { IndexState } from "./state.ts";

/** Before a resolution: notes what is asked, to know next time where it leads. */
const beforeResolve: Prepare<"resolve"> = async (request, session) => {
  const state = await session.use(IndexState);
  state.ahead.begin(request);
  return request;
};
export default beforeResolve;

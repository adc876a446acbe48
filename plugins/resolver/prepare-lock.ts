import type { Prepare } from "../../plugin-api/plugin.ts";
import { urlsBehind } from "./look-ahead.ts";
import { settled } from "./prepare.ts";

/** Lets the settings decide what a request for a lock leaves open, and finds out where its direct references lead. */
const prepare: Prepare<"lock"> = async (request, session) => {
  const { roots, interpreter } = request;
  const rest = await settled(request, session);
  const demands = roots.map(({ demand }) => demand);
  const behind = await urlsBehind(demands, interpreter ? { interpreter } : {}, session);
  return { ...request, ...rest, constraints: [...rest.constraints, ...behind] };
};
export default prepare;

import type { Prepare } from "../../plugin-api/plugin.ts";
import { isDisjoint } from "../../plugin-api/python/marker-algebra.ts";
import { urlsBehind } from "./look-ahead.ts";
import { askedFor } from "./out-of-reach.ts";
import { settled } from "./prepare.ts";
import { placeOf } from "./universal/places.ts";
import { extentOf } from "./universal/plan.ts";

/** Lets the settings decide what a request for a lock leaves open, and finds out where its direct references lead. */
const prepare: Prepare<"lock"> = async (request, session) => {
  const { roots, interpreter } = request;
  const rest = await settled(request, session);
  const demands = roots.map(({ demand }) => demand);
  const applies = (marker: string): boolean => !isDisjoint(placeOf(marker), extentOf(request).everywhere);
  const looking = { applies, ...(interpreter && { interpreter }) };
  const behind = await urlsBehind(demands, looking, session).catch((error: unknown) => {
    throw askedFor(error, request);
  });
  return { ...request, ...rest, constraints: [...rest.constraints, ...behind] };
};
export default prepare;

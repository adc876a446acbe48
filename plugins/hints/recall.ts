import type { Pin, Resolution } from "../../plugin-api/model/resolution.ts";
import type { Perform } from "../../plugin-api/plugin.ts";
import { askedOfRequest } from "./asked.ts";
import { placeOf } from "./place.ts";
import { remembered, tell } from "./remembered.ts";

/** What is kept of a resolution beside what it was made from. */
export interface KeptResolution {
  readonly pins: readonly Pin[];
  readonly attempts: number;
}

/** Answers with the resolution of an earlier, equal request. */
const recall: Perform<"resolve"> = async (request, session): Promise<Resolution | undefined> => {
  const place = await placeOf(request, askedOfRequest, session);
  const hint = place && (await remembered(place, session));
  if (!hint) return undefined;
  const { warnings, consulted } = hint;
  const { pins, attempts } = hint.answer as KeptResolution;
  tell(hint, { requirements: request.demands.length, packages: pins.length }, session);
  return { pins, attempts, warnings, consulted, target: request.target, isFromCache: true };
};
export default recall;

import type { Settle } from "../../plugin-api/plugin.ts";
import { askedOfRequest } from "./asked.ts";
import { placeOf } from "./place.ts";
import type { KeptResolution } from "./recall.ts";
import { remember } from "./remembered.ts";

/** Keeps a resolution that was made just now. */
const keep: Settle<"resolve"> = async (request, resolution, session) => {
  const { pins, attempts, isFromCache, consulted, warnings = [] } = resolution;
  if (isFromCache || !consulted) return;
  const place = await placeOf(request, askedOfRequest, session);
  const answer: KeptResolution = { pins, attempts };
  if (place) await remember(place, { answer, warnings, consulted, chosen: pins }, session);
};
export default keep;

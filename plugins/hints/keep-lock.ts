import type { Settle } from "../../plugin-api/plugin.ts";
import { askedOfLock } from "./asked.ts";
import { placeOf } from "./place.ts";
import { remember } from "./remembered.ts";

/** Keeps a lock that was made just now. */
const keepLock: Settle<"lock"> = async (request, lock, session) => {
  const { isFromCache, consulted, warnings = [], ...made } = lock;
  if (isFromCache || !consulted) return;
  const place = await placeOf(request, askedOfLock, session);
  if (!place) return;
  const { packages } = lock;
  // Files are most of a lock, and locks of one process mostly have the same.
  const answer = { ...made, packages: packages.map((each) => ({ ...each, files: [] })) };
  const lists = packages.map(({ files }) => files);
  await remember(place, { answer, lists, warnings, consulted, chosen: packages }, session);
};
export default keepLock;

import type { Lock, LockedPackage } from "../../plugin-api/model/lock.ts";
import type { Perform } from "../../plugin-api/plugin.ts";
import { askedOfLock } from "./asked.ts";
import { placeOf } from "./place.ts";
import { remembered, tell } from "./remembered.ts";

/** Answers with the lock of an earlier, equal request. */
const recallLock: Perform<"lock"> = async (request, session): Promise<Lock | undefined> => {
  const place = await placeOf(request, askedOfLock, session);
  const hint = place && (await remembered(place, session));
  if (!hint) return undefined;
  const { warnings, consulted, digest, lists = [] } = hint;
  const lock = withFiles(hint.answer as Lock, lists as readonly LockedPackage["files"][]);
  tell(hint, { requirements: request.roots.length, packages: lock.packages.length }, session);
  return { ...lock, warnings, consulted, isFromCache: true, rememberedAs: digest };
};
export default recallLock;

const withFiles = (lock: Lock, lists: readonly LockedPackage["files"][]): Lock => ({
  ...lock,
  packages: lock.packages.map((each, i) => ({ ...each, files: lists[i]! })),
});

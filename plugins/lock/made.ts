import path from "node:path";
import { sha256Of } from "../../plugin-api/hash/native.ts";
import type { Lock, LockedPackage } from "../../plugin-api/model/lock.ts";
import { readRemembered, remember } from "../../plugin-api/system/remembered-file.ts";
import type { SolveOrder } from "./solve.ts";

const KIND = "PyBun made lock 1";

/**
 * Where the bytes made of an answer are kept that was itself remembered: the same answer and the same inputs give the same
 * bytes. Undefined where more than these decides: an earlier lock, a platform, what lies in folders.
 */
export function madeFile(lock: Lock, order: SolveOrder, dataDir: string): string | undefined {
  const { inputs, place, previous } = order;
  if (lock.rememberedAs === undefined || previous || inputs.platform) return undefined;
  // Written relative to the lock, so another folder makes other bytes.
  if (lock.packages.some(isLocal)) return undefined;
  const deciding = [lock.rememberedAs, [...inputs.facts], [...inputs.editable], place.indexes];
  return path.join(dataDir, "hints", `${sha256Of(JSON.stringify(deciding))}.made`);
}

const isLocal = ({ source, files }: LockedPackage): boolean =>
  source.kind === "path" || source.kind === "member" || files.some(({ url }) => url.startsWith("file:"));

export const readMade = (file: string): Uint8Array | undefined => readRemembered(file, KIND)?.body;
export const keepMade = (file: string, bytes: Uint8Array): void => remember(file, KIND, () => bytes);

import type { LockView as View } from "../../plugin-api/lock/open.ts";
import type { LockPlace } from "../../plugin-api/lock/place.ts";
import { readLock as openFile } from "../../plugin-api/lock/read.ts";
import { type Facts, ROOTS, SETTINGS, STAMP } from "./facts.ts";

export type LockView = View;

/** The lock in a file; undefined where there is none. Throws `E_LOCK_INVALID`, `E_FORMAT_VERSION`. */
export const readLock = (file: string, place: Pick<LockPlace, "indexes"> = {}): LockView | undefined =>
  openFile(file, place);

/** The facts that a lock was made from. */
export const factsIn = (meta: Readonly<Record<string, string>>): Facts =>
  new Map(Object.entries(meta).filter(([key]) => key.startsWith(ROOTS) || key === SETTINGS));

/** META without what belongs to the inputs. */
export const metaBesides = (meta: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(meta).filter(([key]) => !key.startsWith(ROOTS) && key !== SETTINGS && key !== STAMP),
  );

import { type Facts, ROOTS, SETTINGS, STAMP } from "./facts.ts";

/** The facts that a lock was made from. */
export const factsIn = (meta: Readonly<Record<string, string>>): Facts =>
  new Map(Object.entries(meta).filter(([key]) => key.startsWith(ROOTS) || key === SETTINGS));

/** META without what belongs to the inputs. */
export const metaBesides = (meta: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(meta).filter(([key]) => !key.startsWith(ROOTS) && key !== SETTINGS && key !== STAMP),
  );

import { PybunError } from "../plugin-api/error.ts";
import { systemError } from "../plugin-api/system/system-error.ts";

/** Where an error was first seen. */
export interface Blame {
  readonly plugin: string;
  readonly stage: string;
}
const blames = new WeakMap<object, Blame>();

/** Remembers plugin and stage of an error, innermost first; the error stays what it is. */
export function attribute(error: unknown, blame: Blame): unknown {
  const thrown = error instanceof Error ? error : new Error(String(error));
  if (!blames.has(thrown)) blames.set(thrown, blame);
  return thrown;
}

export const blameOf = (error: unknown): Blame | undefined =>
  typeof error === "object" && error !== null ? blames.get(error) : undefined;

/** What decides how an error is told. */
export interface Surroundings {
  readonly isBuiltIn: (plugin: string) => boolean;
  readonly dataDir: string;
}

/**
 * The error a user is told: a `PybunError` as it is, a system error in words, anything else as a fault of the plugin it
 * came from (`E_PLUGIN` for one that was added, `E_INTERNAL` for our own).
 */
export function toPybunError(error: unknown, { isBuiltIn, dataDir }: Surroundings): PybunError {
  if (error instanceof PybunError) return error;
  const cause = error instanceof Error ? error : new Error(String(error));
  const known = systemError(cause, dataDir);
  if (known) return known;
  const blame = blameOf(error);
  const isOurs = blame === undefined || isBuiltIn(blame.plugin);
  const where = blame ? ` in plugin \`${blame.plugin}\`` : "";
  return new PybunError(isOurs ? "E_INTERNAL" : "E_PLUGIN", `fault${where}: ${cause.message}`, {
    cause,
    evidence: ["not caused by your project"],
  });
}

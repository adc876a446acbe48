import type { Tap } from "./plugin.ts";
import type { Session } from "./session.ts";

/** A handler of a plugin, and what its module exports once it is loaded. */
export interface Handler {
  readonly plugin: string;
  readonly tap: Tap<unknown>;
  readonly loaded: {
    default?: (...input: unknown[]) => Promise<unknown>;
    atHand?: (input: unknown, session: Session) => unknown;
  };
}

/** Handlers are asked in the order of these, and among equals in that of their plugins. */
export const rankOf = ({ order }: Tap<unknown>): number => (order === "pre" ? -1 : order === "post" ? 1 : 0);

/**
 * What the first handler that is asked answers without waiting; undefined where that takes waiting, as it does before its module
 * is loaded, or where it leaves the input to those behind it.
 */
export function answerAtHand(
  handlers: readonly Handler[],
  input: object,
  sessionOf: (plugin: string) => Session,
): unknown {
  Object.freeze(input);
  const asked = handlers.find(({ plugin, tap }) => tap.when?.(input as never, sessionOf(plugin).settings) !== false);
  try {
    const answer = asked?.loaded.atHand?.(input, sessionOf(asked.plugin));
    return Object.freeze(answer);
  } catch {
    return undefined; // whoever then waits for the answer meets it, too
  }
}

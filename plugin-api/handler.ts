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

/** Whether a handler is to be asked about the input at all. */
export const takes = ({ tap }: Handler, input: unknown, session: Session): boolean =>
  tap.when?.(input as never, session.settings) !== false;

type Ask = (handler: Handler, input: unknown[], session: Session) => Promise<unknown>;

/** What the first handler answers that does not decline; undefined where all do. Not by a hook: a resolution asks thousands of times. */
export async function firstAnswer(
  handlers: readonly Handler[],
  [input, sessionOf]: readonly [unknown, (plugin: string) => Session],
  ask: Ask,
): Promise<unknown> {
  for (const handler of handlers) {
    const session = sessionOf(handler.plugin);
    // Who declines is not waited for.
    if (!takes(handler, input, session)) continue;
    const answer = await ask(handler, [input], session);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

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
  const asked = handlers.find((handler) => takes(handler, input, sessionOf(handler.plugin)));
  try {
    const answer = asked?.loaded.atHand?.(input, sessionOf(asked.plugin));
    return Object.freeze(answer);
  } catch {
    return undefined; // whoever then waits for the answer meets it, too
  }
}

// In the first module of the executable: it may import what stands in plugin-api/launch, and nothing else.
import type { Caller } from "../plugin-api/launch/note.ts";
import { type RenewingCommand, readRenewal } from "../plugin-api/launch/renewal.ts";
import type { Said } from "../plugin-api/launch/say.ts";

/** Whose command it is. */
export interface AnswerCall extends Caller {
  /** It is asked of a daemon. */
  readonly isServed?: true;
}
/** Does a command in a short way, and returns what is to be said of it; undefined where the command has to look for itself. */
export type Answer = (argv: readonly string[], call: AnswerCall) => Promise<Said | undefined>;

/** Where there is no environment, and one was made of the same before, here or elsewhere, it is made again. Everything else declines. */
export const renewalBy =
  (command: RenewingCommand): Answer =>
  async (argv, { isServed, ...caller }) => {
    const renewal = await readRenewal(command, argv, caller);
    if (renewal === undefined || (isServed && !renewal.isServable)) return undefined;
    const { renew } = await import("./renew.ts");
    return (await renew(renewal, { command, argv, ...caller })) ? renewal.said : undefined;
  };

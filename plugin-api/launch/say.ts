// Imported by the fast path: not even node:fs and node:path may be imported here.
import { mayBeTerminal, print } from "./native.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** What a command says, for a terminal and for all else; `{took}` stands for the time. */
export interface Said {
  readonly plain: string;
  readonly colored: string;
}

/** Writes it to standard output, as it is chosen where nobody asked for colours or against them (SPEC COL-01). */
export async function say({ plain, colored }: Said, env: Variables): Promise<void> {
  const text = (await wantsColor(env)) ? colored : plain;
  print(text.replace("{took}", `${Math.round(performance.now())}ms`));
}

async function wantsColor(env: Variables): Promise<boolean> {
  if (env["NO_COLOR"]) return false;
  const force = env["FORCE_COLOR"];
  if (force) return force !== "0" && force !== "false";
  if (env["TERM"] === "dumb" || !mayBeTerminal()) return false;
  const { isTerminal } = await import("./terminal/native.ts");
  return isTerminal(1);
}

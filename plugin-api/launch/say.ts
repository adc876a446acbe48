// Imported by the fast path: not even node:fs and node:path may be imported here.
import { mayBeTerminal, print } from "./native.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** What a command says, for a terminal and for all else; `{took}` stands for the time. */
export interface Said {
  readonly plain: string;
  readonly colored: string;
}

/** Writes it to standard output; nothing where nothing is said. */
export async function say(said: Said, env: Variables): Promise<void> {
  if (said.plain === "") return;
  const isColored = wantsColor(env) ?? (mayBeTerminal() && (await isTerminal()));
  print(wordsOf(said, { isColored, tookMs: performance.now() }));
}

/** What is said, without the end of its last line. */
export const wordsOf = (
  { plain, colored }: Said,
  { isColored, tookMs }: { readonly isColored: boolean; readonly tookMs: number },
): string => (isColored ? colored : plain).replace("{took}", `${Math.round(tookMs)}ms`);

/** As it is chosen where no option asks for colours or against them (SPEC COL-01); undefined where a terminal gets them. */
export function wantsColor(env: Variables): boolean | undefined {
  if (env["NO_COLOR"]) return false;
  const force = env["FORCE_COLOR"];
  if (force) return force !== "0" && force !== "false";
  return env["TERM"] === "dumb" ? false : undefined;
}

const isTerminal = async (): Promise<boolean> => (await import("./terminal/native.ts")).isTerminal(1);

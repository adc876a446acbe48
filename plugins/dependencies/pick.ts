import { Prompts } from "../../plugin-api/prompts.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { usageError } from "../../plugin-api/usage.ts";
import { heldWords } from "./holders.ts";
import { isAbove, type Standing } from "./survey.ts";

/** Has a person pick among newer releases. Throws `E_USAGE` where nobody can be asked. */
export async function pick(standings: readonly Standing[], session: Session): Promise<readonly string[]> {
  if (!(await session.use(Host)).canPrompt)
    throw usageError("upgrade", "`--interactive` asks, and there is no terminal to ask on");
  if (standings.length === 0) return [];
  const names = standings.map(({ name }) => name);
  const width = Math.max(...names.map((name) => name.length));
  const answer = await (await session.use(Prompts)).ask({
    words: "Upgrade which (numbers, names, all or none)",
    usual: "all",
    above: standings.map((each, at) => `  ${String(at + 1).padStart(2)}  ${each.name.padEnd(width)}  ${offer(each)}`),
    problem: (typed) => pickedOf(typed, names).problem,
  });
  return pickedOf(answer, names).picked;
}

function offer({ current, fits, latest, heldBy }: Standing): string {
  const next = isAbove(fits.at(-1) ?? "", current.at(-1)) ? (fits.at(-1) as string) : latest;
  const [holder] = heldBy;
  const rest = next === latest || holder === undefined ? "" : `, ${latest} ${heldWords(holder)}`;
  return `${current.join(", ")} -> ${next}${rest}`;
}

/** `1,3-5 rich`: numbers of a list that begins with 1, ranges of them, names. Pure. */
export function pickedOf(
  typed: string,
  names: readonly string[],
): { readonly picked: readonly string[]; readonly problem?: string } {
  const words = typed
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((word) => word !== "");
  if (words.length === 1 && words[0] === "all") return { picked: names };
  if (words.length === 1 && words[0] === "none") return { picked: [] };
  const picked = new Set<string>();
  for (const word of words) {
    const [, from, to = from] = /^(\d+)(?:-(\d+))?$/.exec(word) ?? [];
    const range = from === undefined ? [word] : names.slice(Number(from) - 1, Number(to));
    const isKnown = from === undefined ? names.includes(word) : Number(from) > 0 && Number(to) <= names.length;
    if (!isKnown || range.length === 0) return { picked: [], problem: `\`${word}\` is none of them` };
    for (const name of range) picked.add(name);
  }
  return { picked: [...picked] };
}

import type { Diagnostic } from "../../../plugin-api/diagnostic.ts";
import { pinsOf } from "../pins.ts";
import { warningsAbout } from "../warnings.ts";
import type { Solved } from "./reach.ts";

/** What a user would not expect of a lock, each once however many regions it concerns. */
export function lockWarnings(solved: readonly Solved[]): readonly Diagnostic[] {
  const told = solved.filter(isOfNote).flatMap(({ packages, pins }) => warningsAbout(packages, pinsOf(packages, pins)));
  return [...new Map(told.map((diagnostic) => [diagnostic.message, diagnostic])).values()];
}

/** Most regions give no reason to look at each of their releases. */
function isOfNote({ packages, pins }: Solved): boolean {
  const asksMore = packages.question.roots.some(({ requirement: { name, extras } }) => {
    const rank = pins.get(name)?.rank;
    const known = rank === undefined ? extras : (packages.extras(name, rank) ?? []);
    return extras.some((extra) => !known.includes(extra));
  });
  return (
    asksMore ||
    [...pins].some(([name, { rank }]) => {
      const candidates = packages.candidates(name)!;
      const { page, row } = candidates.file(rank)!;
      return page.isYanked(row) || candidates.refusals().length > 0 || candidates.wheelsFor(rank) !== undefined;
    })
  );
}

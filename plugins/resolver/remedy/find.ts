import type { PackageName } from "../../../plugin-api/model/requirement.ts";
import { type Change, isSameLine } from "./change.ts";
import { type Direction, directionsOf } from "./directions.ts";
import type { Involved, Trial, Verdict } from "./trial.ts";
import { widen } from "./widen.ts";

/** Something that could be changed: a certain change, or a line whose versions are found by solving among others. */
export type Lever = Loosening | Change;

export interface Loosening extends Involved {
  readonly direction: Direction;
}

/** Changes that together give an answer: solved as they stand. */
export interface Remedy {
  readonly changes: readonly Change[];
  /** Versions that are then chosen, of the packages that the changes concern. */
  readonly gives: readonly Given[];
  readonly moved: number;
}
export interface Given {
  readonly name: PackageName;
  readonly versions: readonly string[];
}

export interface Remedies {
  /** Those of fewest changes; of them in the order of the levers, but for those that move fewer packages. */
  readonly found: readonly Remedy[];
  /** All single changes were tried to the end. */
  readonly isComplete: boolean;
}

interface Search {
  readonly trial: Trial;
  readonly deadlineMs: number;
  /** Packages whose versions matter to whoever reads. */
  readonly names: readonly PackageName[];
}

const MOST_CHANGES = 3;
const MOST_TRIALS = 32;

/**
 * Pulls one lever at a time; where none helps, two and then three: a contradiction that remains says which to pull next.
 * All of one round run side by side, since most of their time is waiting for the network.
 */
export async function findRemedies(levers: readonly Lever[], search: Search): Promise<Remedies> {
  let round: readonly (readonly Lever[])[] = levers.map((lever) => [lever]);
  let isComplete = true;
  for (let changes = 1; changes <= MOST_CHANGES && round.length > 0; changes++) {
    const tried = await Promise.all(
      round.slice(0, MOST_TRIALS).map(async (set) => ({ set, ...(await pull(set, search)) })),
    );
    if (changes === 1) isComplete = tried.every(({ verdict }) => verdict.kind !== "late");
    const found = tried.flatMap(({ remedy }) => remedy ?? []);
    if (found.length > 0) return { found: found.sort((a, b) => a.moved - b.moved), isComplete };
    round = nextRound(tried);
  }
  return { found: [], isComplete };
}

interface Pulled {
  readonly verdict: Verdict;
  readonly remedy?: Remedy;
}

async function pull(set: readonly Lever[], { trial, deadlineMs, names }: Search): Promise<Pulled> {
  const verdict = await trial(set.map(withoutVersions), deadlineMs);
  if (verdict.kind !== "answer") return { verdict };
  const changes = set.map((lever) => tightened(lever, verdict));
  const exact = await trial(changes, deadlineMs);
  if (exact.kind !== "answer") return { verdict: exact };
  const concerned = [...new Set([...changes.flatMap(namesIn), ...(changes.every(isFixed) ? names : [])])];
  const gives = concerned.map((name) => ({ name, versions: exact.versions(name) }));
  const remedy = { changes, gives: gives.filter(({ versions }) => versions.length > 0), moved: exact.moved };
  return { verdict: exact, remedy };
}

const isLoose = (lever: Lever): lever is Loosening => !("kind" in lever);
const isFixed = (change: Change): boolean => change.kind !== "versions";

const withoutVersions = (lever: Lever): Change => (isLoose(lever) ? versions(lever, lever.direction.among) : lever);

const versions = ({ demand, as, direction }: Loosening, specifier: string): Change => ({
  kind: "versions",
  demand,
  as,
  specifier,
  way: direction.way,
});

function tightened(lever: Lever, answer: Extract<Verdict, { readonly kind: "answer" }>): Change {
  if (!isLoose(lever)) return lever;
  const { name, specifier } = lever.demand.requirement;
  return versions(lever, widen(specifier, answer.versions(name)));
}

function namesIn(change: Change): readonly PackageName[] {
  if (change.kind === "versions") return [change.demand.requirement.name];
  if (change.kind === "cut-off") return [change.name];
  return change.kind === "require" || change.kind === "override" ? [change.requirement.name] : [];
}

/** Each set with one lever more, of what the contradiction rests on that remained. */
function nextRound(tried: readonly (Pulled & { readonly set: readonly Lever[] })[]) {
  const sets = new Map<string, readonly Lever[]>();
  for (const { set, verdict } of tried) {
    if (verdict.kind !== "conflict") continue;
    for (const lever of looseningLevers(verdict.involved)) {
      if (set.some((own) => isLoose(own) && isSameLine(own.demand, lever.demand))) continue;
      const wider = [...set, lever].sort((a, b) => keyOf(a).localeCompare(keyOf(b), "en", { numeric: true }));
      sets.set(wider.map(keyOf).join("\n"), wider);
    }
  }
  return [...sets.values()];
}

/** Other versions of what the lines name, where they name some. */
export const looseningLevers = (lines: readonly Involved[]): readonly Loosening[] =>
  lines.flatMap(({ demand, as }) => {
    const { specifier, url } = demand.requirement;
    const directions = url === undefined ? directionsOf(specifier) : [];
    return directions.map((direction) => ({ demand, as, direction }));
  });

const keyOf = (lever: Lever): string =>
  isLoose(lever) ? `${lever.demand.origin} ${lever.demand.text} ${lever.direction.way}` : JSON.stringify(lever);

import type { Demand, Requirement } from "../../plugin-api/model/requirement.ts";
import { parseSpecifier } from "../../plugin-api/python/specifier.ts";
import { versionKey } from "../../plugin-api/python/version-key.ts";
import type { Session } from "../../plugin-api/session.ts";
import { Crawler } from "./crawler.ts";
import { solveInTime } from "./minimize.ts";
import { Packages } from "./packages.ts";
import { type Ranks, SELECTED } from "./ranks.ts";
import { Solver } from "./solver.ts";

/** A requirement of the user's that, put in place of another, gives a resolution: solved, not guessed. */
export interface Relaxation {
  readonly demand: Demand;
  /** What to ask for instead. */
  readonly instead: string;
  readonly direction: "older" | "newer" | "newest";
  /** The version that is then chosen. */
  readonly gives: string;
  /** How many packages would leave the version they are to keep. */
  readonly moved: number;
}

export interface Relaxations {
  /** The one that moves the fewest packages first. */
  readonly found: readonly Relaxation[];
  /** All were tried to the end. */
  readonly isComplete: boolean;
}

/** Loosens one of the demands at a time, within the deadline. */
export async function findRelaxations(
  packages: Packages,
  demands: readonly Demand[],
  { session, deadlineMs }: { readonly session: Session; readonly deadlineMs: number },
): Promise<Relaxations> {
  const found: Relaxation[] = [];
  let isComplete = true;
  for (const demand of demands) {
    const { requirement } = demand;
    if (requirement.specifier === "" || requirement.url !== undefined) continue;
    const loose = { ...demand, requirement: { ...requirement, specifier: "" } };
    const answer = await solveWith(packages, demand, { loose, session, deadlineMs });
    if (answer === "late") isComplete = false;
    else if (answer) found.push(describe(demand, packages.candidates(requirement.name)!.admitted(requirement), answer));
  }
  return { found: found.sort((a, b) => a.moved - b.moved), isComplete };
}

interface Attempt {
  readonly loose: Demand;
  readonly session: Session;
  readonly deadlineMs: number;
}
interface Answer {
  readonly rank: number;
  readonly version: string;
  readonly isNewest: boolean;
  readonly moved: number;
}

async function solveWith(
  known: Packages,
  demand: Demand,
  { loose, session, deadlineMs }: Attempt,
): Promise<Answer | "late" | undefined> {
  const { question } = known;
  const packages = new Packages(question.instead(demand, loose), known.library);
  const crawler = new Crawler(session, packages);
  const solver = new Solver(
    packages,
    packages.question.roots.map(({ requirement }) => requirement),
  );
  const outcome = await solveInTime(solver, { crawler, deadlineMs });
  if (outcome?.kind !== "pins") return outcome ? undefined : "late";
  const { name } = demand.requirement;
  const { rank } = outcome.pins.get(name)!;
  const candidates = packages.candidates(name)!;
  const moved = [...outcome.pins].filter(([other, pin]) => {
    const kept = question.keeps(other);
    return kept !== undefined && packages.candidates(other)!.releases.version(pin.rank) !== kept;
  });
  const isNewest = candidates.pick(SELECTED) === rank;
  return { rank, version: candidates.releases.version(rank), isNewest, moved: moved.length };
}

function describe(demand: Demand, admitted: Ranks, { rank, version, isNewest, moved }: Answer): Relaxation {
  const { requirement } = demand;
  const { clauses } = parseSpecifier(requirement.specifier);
  const write = (specifier: string): string => formatShort({ ...requirement, specifier });
  const told = { demand, gives: version, moved };
  if (isNewest && admitted.length === 0) return { ...told, instead: write(""), direction: "newest" };
  const key = versionKey(version)!;
  const isOlder =
    admitted.length > 0 ? rank < admitted[0]! : clauses.some((clause) => key < (versionKey(clause.version) ?? ""));
  const lowest = clauses.find(
    ({ operator, version: text }) => [">=", "==", "~="].includes(operator) && !text.endsWith("*"),
  );
  const floor = isOlder || !lowest ? shorten(version) : lowest.version;
  return { ...told, instead: write(`>=${floor}`), direction: isOlder ? "older" : "newer" };
}

/** `1.34.0` → `1.34`: a bound as people write it. Pre-releases stay whole, since a shorter bound may be above them. */
const shorten = (version: string): string => /^\d+\.\d+(?=(?:\.\d+)*$)/.exec(version)?.[0] ?? version;

const formatShort = ({ name, extras, specifier }: Requirement): string =>
  `${name}${extras.length > 0 ? `[${extras.join(",")}]` : ""}${specifier}`;

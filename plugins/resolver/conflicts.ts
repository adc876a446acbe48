import type { RootOwner } from "../../plugin-api/model/lock.ts";
import type { Chain, Dispute } from "./dispute.ts";
import { ranksOf, SELECTED } from "./ranks.ts";
import type { Wording } from "./wording.ts";

/** A chain of a conflict as data (SPEC RES-09): from a line of the user's to what it asks of the package. */
export interface Conflict {
  readonly package: string;
  readonly chain: readonly [Asker, ...Link[]];
  readonly required: string;
  /** The newest versions there are. */
  readonly available: readonly string[];
  readonly available_count: number;
}

export interface Asker {
  readonly origin: string;
  readonly file?: string;
  readonly line?: number;
  /** The requirement as written. */
  readonly text: string;
  readonly is_constraint: boolean;
  /** Where something else is said of that package, which counts instead. */
  readonly overrides?: readonly string[];
  /** The part of the project that asks, where it is an extra, a group or a member. */
  readonly owner?: Pick<RootOwner, "kind" | "name" | "member">;
}

/** Releases that require the same, or what their requirements have in common. */
export interface Link {
  readonly text: string;
  readonly package: string;
  /** How many releases, and the first and last of them. */
  readonly versions: number;
  readonly first: string;
  readonly last: string;
  readonly requires: string;
  /** Where the user says that instead of the releases. */
  readonly overrides?: readonly string[];
}

const MOST_VERSIONS = 20;

/** One entry for each chain. */
export const conflictsOf = (disputes: readonly Dispute[], wording: Wording): readonly Conflict[] =>
  disputes.flatMap((dispute) => dispute.chains.map((chain) => conflictOf(dispute, chain, wording)));

function conflictOf(dispute: Dispute, chain: Chain, wording: Wording): Conflict {
  const { releases, count } = wording.candidates(dispute.package);
  return {
    package: wording.label(dispute.package),
    chain: [askerOf(chain, wording), ...chain.steps.map((step) => linkOf(step, wording))],
    required: wording.requiredBy(chain, dispute.package),
    available: [...ranksOf(SELECTED, count)].slice(-MOST_VERSIONS).map((rank) => releases.version(rank)),
    available_count: count,
  };
}

function askerOf({ party }: Chain, wording: Wording): Asker {
  const { origin, file, text, requirement } = wording.demandOf(party);
  const overrides = party.kind === "constraint" ? [] : wording.overridesOf(requirement.name);
  const line = file === undefined ? undefined : Number(/:(\d+)$/.exec(origin)?.[1]);
  const owner = wording.ownerOf(party);
  return {
    origin: wording.originOf(party),
    ...(file !== undefined && { file }),
    ...(line !== undefined && { line }),
    text,
    is_constraint: party.kind === "constraint",
    ...(overrides.length > 0 && { overrides: overrides.map((override) => override.origin) }),
    ...(owner && owner.kind !== "project" && owner.kind !== "script" && { owner }),
  };
}

function linkOf(step: Chain["steps"][number], wording: Wording): Link {
  const ranks = wording.usable(step.from, step.ranks);
  const version = (rank: number | undefined): string =>
    rank === undefined ? "" : wording.candidates(step.from).releases.version(rank);
  const text = wording.stepLines(step, () => true)[0]!;
  const note = wording.overrideNote(step.to);
  const overrides = wording.overridesOf(wording.nameOf(step.to)).map(({ origin }) => origin);
  return {
    text,
    package: wording.label(step.from),
    versions: ranks.length,
    first: version(ranks[0]),
    last: version(ranks.at(-1)),
    requires: text.slice(0, text.length - note.length).replace(/^.*? requires? /, ""),
    ...(overrides.length > 0 && { overrides }),
  };
}

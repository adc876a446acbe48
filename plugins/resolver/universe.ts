import type { Extra, PackageName, Requirement } from "../../plugin-api/model/requirement.ts";
import type { Ranks } from "./ranks.ts";

/** Only parts of the universe have an answer: the solver gives up, and each part has to be solved by itself. */
export const DIVIDED = -2;

/**
 * What the solver asks about packages. Everything that depends on the target (markers, tags, Python) or on the policy is
 * decided behind it, so that one solver serves one environment now and several of them later.
 */
export interface Universe {
  /** Undefined until the package's page is here. */
  candidates(name: PackageName): CandidateList | undefined;
  /** The release to try first among these, -1 when none is usable; DIVIDED when that is not the same everywhere. */
  choose(name: PackageName, among: Ranks): number;
  /** What a release requires, whose metadata is here, is not the same everywhere. */
  isDivided(name: PackageName, rank: number, extra: Extra | ""): boolean;
  /** What a release, or one of its extras, requires on the target; undefined until its metadata is here. */
  requirements(name: PackageName, rank: number, extra: Extra | ""): readonly Requirement[] | undefined;
  /** What constraints say of a package, each by its index among all constraints. */
  constraints(name: PackageName): readonly { readonly index: number; readonly ranks: Ranks }[];
}

export interface CandidateList {
  readonly count: number;
  /** Ranks that a requirement's specifier (or URL) admits, whether usable or not; equal sets are the same object. */
  admitted(requirement: Requirement): Ranks;
}

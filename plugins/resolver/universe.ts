import type { Extra, PackageName, Requirement } from "../../plugin-api/model/requirement.ts";
import type { Ranks } from "./ranks.ts";

/**
 * What the solver asks about packages. Everything that depends on the target (markers, tags, Python) or on the policy is
 * decided behind it, so that one solver serves one environment now and several of them later.
 */
export interface Universe {
  /** Undefined until the package's page is here. */
  candidates(name: PackageName): CandidateList | undefined;
  /** What a release, or one of its extras, requires on the target; undefined until its metadata is here. */
  requirements(name: PackageName, rank: number, extra: Extra | ""): readonly Requirement[] | undefined;
  /** What constraints say of a package, each by its index among all constraints. */
  constraints(name: PackageName): readonly { readonly index: number; readonly ranks: Ranks }[];
}

export interface CandidateList {
  readonly count: number;
  /** Ranks that a requirement's specifier (or URL) admits, whether usable or not; equal sets are the same object. */
  admitted(requirement: Requirement): Ranks;
  /** The release to try first among these, -1 when none is usable. What was unusable once stays so. */
  pick(among: Ranks): number;
  /** Releases that `pick` would give next, best first. */
  next(among: Ranks, atMost: number): readonly number[];
}

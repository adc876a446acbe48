import type { Extra, PackageName, Requirement } from "../../plugin-api/model/requirement.ts";
import { parseSpecifier } from "../../plugin-api/python/specifier.ts";
import type { PackageId } from "./clauses.ts";
import type { Need, Outcome } from "./outcome.ts";
import type { Ranks } from "./ranks.ts";
import type { CandidateList } from "./universe.ts";

/** A package, or an extra of one: an extra is a package of its own that always has its package's version. */
export interface Node {
  readonly name: PackageName;
  readonly extra: Extra | "";
  /** The package itself, for an extra. */
  readonly base: PackageId;
  readonly extras: PackageId[];
  candidates: CandidateList | undefined;
  /** Lower is decided first. */
  urgency: number;
  conflicts: number;
  /** Somebody asked for one version, or for a URL. */
  isPinned: boolean;
}
export type Rule = readonly [to: PackageId, allowed: Ranks];

export const ROOT: PackageId = 0;
/** Asked for in one version. Where releases are few is left to chance: forks are to come in an order one can foresee. */
export const ONE_CHOICE = 0;
export const OFTEN_REJECTED = 1;
export const OFTEN_AT_FAULT = 2;
export const ORDINARY = 3;
/** Conflicts after which a package is decided earlier (uv's rule). */
export const CONFLICTS = 5;

export const needOf = (need: Need): Outcome => ({ kind: "need", need });

/** Asks for one version, or for a URL. */
export const isPin = ({ specifier, url }: Requirement): boolean =>
  url !== undefined || parseSpecifier(specifier).isPinned;

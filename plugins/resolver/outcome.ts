import type { Extra, PackageName } from "../../plugin-api/model/requirement.ts";
import type { ClauseId } from "./clauses.ts";
import type { Ranks } from "./ranks.ts";

/** What a solver lacks. Fetch it, put it into the universe and call `solve` again: nothing is lost or done twice. */
export interface Need {
  readonly pages: readonly PackageName[];
  readonly release?: NeededRelease;
}
/** A release whose metadata is needed; where it won't do, one of the others is likely to be needed next. */
export interface NeededRelease {
  readonly name: PackageName;
  readonly rank: number;
  readonly among: Ranks;
}
export type Outcome =
  | { readonly kind: "pins"; readonly pins: ReadonlyMap<PackageName, SelectedRelease> }
  | { readonly kind: "need"; readonly need: Need }
  /** The universe has to be divided; `decided` is what was chosen until then. */
  | { readonly kind: "divided"; readonly decided: ReadonlyMap<PackageName, SelectedRelease> }
  | { readonly kind: "conflict"; readonly facts: readonly ClauseId[] };
export type Decided = Exclude<Outcome, { readonly kind: "need" }>;
export interface SelectedRelease {
  readonly rank: number;
  readonly extras: readonly Extra[];
}

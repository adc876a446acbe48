import type { Extra, PackageName } from "../../plugin-api/model/requirement.ts";
import type { ClauseId } from "./clauses.ts";

/** What a solver lacks. Fetch it, put it into the universe and call `solve` again: nothing is lost or done twice. */
export interface Need {
  readonly pages: readonly PackageName[];
  /** The first is needed; the others are likely to be, because the package is walked release by release. */
  readonly metadata: readonly (readonly [name: PackageName, rank: number])[];
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

import type { RootOwner } from "../../../plugin-api/model/lock.ts";
import type { Demand } from "../../../plugin-api/model/requirement.ts";
import type { ClauseId } from "../clauses.ts";
import type { Crawler } from "../crawler.ts";
import type { Packages } from "../packages.ts";
import type { Solver } from "../solver.ts";
import type { Lever } from "./find.ts";
import type { Involved, Trial } from "./trial.ts";

/** A question without an answer, and what shows it. */
export interface Contradiction {
  readonly packages: Packages;
  readonly crawler: Pick<Crawler, "fetch">;
  readonly solver: Solver;
  readonly facts: readonly ClauseId[];
}

/** What whoever asked knows beside the question that has no answer: to tell why, and to find what would help. */
export interface Scope {
  readonly trial: Trial;
  /** The project's own file or the script, absolute, where there is one. */
  readonly file: string | undefined;
  /** The part of the project that asks for something. */
  owner(demand: Demand): RootOwner | undefined;
  /**
   * What would stand in the way even if all that failed to build had been built; undefined when nothing would, or when only
   * further builds could tell.
   */
  withoutBuilds(deadlineMs: number): Promise<Contradiction | undefined>;
  /** Looks beyond the place that was solved for. `python`: the lowest bound that releases have, where that is the reason. */
  look?(lines: readonly Involved[], python: string | undefined): Promise<Outlook>;
}

/** Where what some lines ask for has no answer, and what could be changed about that. */
export interface Outlook {
  /** Set where there is an answer elsewhere. */
  readonly where?: {
    /** `Python >=3.13 (any platform)`. */
    readonly text: string;
    readonly marker: string;
    /** Python alone tells the place. */
    readonly isByPython: boolean;
    /** Extras and groups alone tell the place. */
    readonly isByParts: boolean;
  };
  /** Where the project says for which Pythons it is. */
  readonly python?: { readonly file: string; readonly line: number; readonly text: string };
  /** For other Pythons. */
  readonly raising: readonly Lever[];
  /** Parts of the project apart from each other. */
  readonly parting: readonly Lever[];
  /** For fewer environments. */
  readonly narrowing: readonly Lever[];
}

const OWNERS: Readonly<Record<RootOwner["kind"], string>> = {
  project: "",
  script: "",
  member: "",
  optional: "extra",
  group: "group",
};

/** `extra doc`, `group dev`; empty for what a project always requires. A member is told by its file. */
export function ownerInWords(owner: RootOwner | undefined): string {
  const kind = owner ? OWNERS[owner.kind] : "";
  return kind === "" ? "" : `${kind} ${owner!.name}`;
}

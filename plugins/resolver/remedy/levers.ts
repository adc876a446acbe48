import type { RootOwner } from "../../../plugin-api/model/lock.ts";
import { parseRequirement } from "../../../plugin-api/python/requirement.ts";
import type { Candidates } from "../candidates.ts";
import type { Proof } from "../minimize.ts";
import type { Question } from "../question.ts";
import type { Unusable } from "../unavailable.ts";
import type { Lever } from "./find.ts";
import { eachOnce, type Involved, overridesIn } from "./trial.ts";

/** The user's own lines that a proof rests on, each once: requirements first, then constraints and overrides. */
export function linesBehind({ roots, constraints, solver, facts }: Proof, question: Question): readonly Involved[] {
  return eachOnce([
    ...roots.map((index) => ({ demand: question.roots[index]!.demand, as: "requirement" }) as const),
    ...constraints.map((index) => ({ demand: question.constraints[index]!, as: "constraint" }) as const),
    ...overridesIn(question, solver, facts),
  ]);
}

/** What lets in releases that are there, but not to be used. `owner`: the part of the project that leads to them. */
export function admittingLevers({ candidates, name, groups }: Unusable, owner: RootOwner): readonly Lever[] {
  return groups.flatMap(({ obstacle, ranks }): Lever[] => {
    switch (obstacle.kind) {
      case "prerelease":
        return [{ kind: "prerelease", value: "if-necessary" }];
      case "newer":
        return [{ kind: "cut-off", name, date: new Date(firstUpload(candidates, ranks)).toISOString().slice(0, 10) }];
      case "yanked": {
        const version = candidates.releases.version(ranks.at(-1)!);
        return [{ kind: "require", requirement: parseRequirement(`${name}==${version}`), owner }];
      }
      default:
        return [];
    }
  });
}

/** When the first of the releases was there as a whole. */
function firstUpload(candidates: Candidates, ranks: readonly number[]): number {
  const times = ranks.map((rank) =>
    Math.max(
      ...candidates.releases
        .parts(rank)
        .flatMap(({ page, first, end }) =>
          Array.from({ length: end - first }, (_, i) => page.file(first + i).uploadedAtMs ?? 0),
        ),
    ),
  );
  return Math.min(...times);
}

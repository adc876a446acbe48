import type { Demand, PackageName } from "../../../plugin-api/model/requirement.ts";
import type { Request } from "../../../plugin-api/model/resolution.ts";
import type { Session } from "../../../plugin-api/session.ts";
import type { ClauseId } from "../clauses.ts";
import { Crawler } from "../crawler.ts";
import type { Library } from "../library.ts";
import { solveInTime } from "../minimize.ts";
import { Packages } from "../packages.ts";
import { type Question, questionOf } from "../question.ts";
import { Solver } from "../solver.ts";
import { type Change, changeRequest, isSameLine } from "./change.ts";

/** Asks again with changes, until a time by `performance.now()`: nothing is proposed that was not solved. */
export type Trial = (changes: readonly Change[], deadlineMs: number) => Promise<Verdict>;

export type Verdict =
  | {
      readonly kind: "answer";
      /** Versions of a package in the answer; several where environments differ. */
      versions(name: PackageName): readonly string[];
      /** How many packages leave the version they were to keep. */
      readonly moved: number;
    }
  | { readonly kind: "conflict"; readonly involved: readonly Involved[] }
  | { readonly kind: "late" };

/** A line of the user's that a contradiction rests on. */
export interface Involved {
  readonly demand: Demand;
  readonly as: Extract<Change, { readonly kind: "versions" }>["as"];
}

export const LATE = { kind: "late" } as const;

/** Solves for one environment. */
export function trialOf(request: Request, library: Library, session: Session): Trial {
  return async (changes, deadlineMs) => {
    const packages = new Packages(questionOf(changeRequest(request, changes)), library);
    const { question } = packages;
    const requirements = question.roots.map(({ requirement }) => requirement);
    const solver = new Solver(packages, requirements);
    const crawler = new Crawler(session, packages);
    crawler.follow(requirements);
    const outcome = await solveInTime(solver, { crawler, deadlineMs });
    if (outcome?.kind === "conflict")
      return { kind: "conflict", involved: involvedIn(question, solver, outcome.facts) };
    if (outcome?.kind !== "pins") return LATE;
    const versions = (name: PackageName): readonly string[] => {
      const pin = outcome.pins.get(name);
      return pin ? [packages.candidates(name)!.releases.version(pin.rank)] : [];
    };
    const kept = [...(request.preferences ?? [])];
    const moved = kept.filter(([name, version]) => outcome.pins.has(name) && !versions(name).includes(version));
    return { kind: "answer", versions, moved: moved.length };
  };
}

/** The lines behind a contradiction, each once. */
export function involvedIn(question: Question, solver: Solver, facts: readonly ClauseId[]): readonly Involved[] {
  const involved = facts.flatMap((fact): readonly Involved[] => {
    const reason = solver.clauses.reasons[fact]!;
    if (reason.kind === "constraint") return [{ demand: question.constraints[reason.index]!, as: "constraint" }];
    return reason.kind === "demand" ? [{ demand: question.roots[reason.index]!.demand, as: "requirement" }] : [];
  });
  return eachOnce([...involved, ...overridesIn(question, solver, facts)]);
}

/** The overrides that what is asked for, or what that requires, was replaced by. */
export function overridesIn(question: Question, solver: Solver, facts: readonly ClauseId[]): readonly Involved[] {
  const names = facts.flatMap((fact) => {
    const reason = solver.clauses.reasons[fact]!;
    const id = reason.kind === "dependency" ? reason.to : reason.kind === "demand" ? reason.package : undefined;
    return id === undefined ? [] : [solver.nodeOf(id).name];
  });
  return [...new Set(names)].flatMap((name) =>
    question.overridesOf(name).map((demand) => ({ demand, as: "override" }) as const),
  );
}

/** One line may have become several demands. */
export const eachOnce = (lines: readonly Involved[]): readonly Involved[] =>
  lines.filter((one, i) => lines.findIndex((other) => isSameLine(other.demand, one.demand)) === i);

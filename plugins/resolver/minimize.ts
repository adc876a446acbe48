import type { ClauseId } from "./clauses.ts";
import type { Crawler } from "./crawler.ts";
import type { Decided } from "./outcome.ts";
import type { Packages } from "./packages.ts";
import { Solver } from "./solver.ts";
import type { Universe } from "./universe.ts";

/** A proof that a question has no answer. Demands are counted among those of `roots`. */
export interface Proof {
  readonly packages: Packages;
  readonly solver: Solver;
  readonly facts: readonly ClauseId[];
  /** Indexes of the question's roots and constraints that were solved for. */
  readonly roots: readonly number[];
  readonly constraints: readonly number[];
}

const STEPS_BETWEEN_LOOKS = 200;

/** How and until when to look further: by `performance.now()`. */
export interface Effort {
  readonly crawler: Pick<Crawler, "fetch">;
  readonly deadlineMs: number;
}

/** Drops every root and constraint without which the contradiction remains; stops early at the deadline. */
export async function minimize(proof: Proof, effort: Effort): Promise<Proof> {
  const { packages } = proof;
  let smallest = onlyInvolved(proof);
  for (const index of proof.roots) {
    if (!smallest.roots.includes(index)) continue;
    const roots = smallest.roots.filter((other) => other !== index);
    smallest = onlyInvolved((await prove(packages, { ...smallest, roots }, effort)) ?? smallest);
  }
  for (const index of proof.constraints) {
    if (!smallest.constraints.includes(index)) continue;
    const constraints = smallest.constraints.filter((other) => other !== index);
    smallest = onlyInvolved((await prove(packages, { ...smallest, constraints }, effort)) ?? smallest);
  }
  // The last attempt may have failed for another reason than those before: solve for exactly what is left.
  return (await prove(packages, smallest, effort)) ?? proof;
}

/** Roots and constraints that the proof does not use can go. */
function onlyInvolved({ packages, solver, facts, roots, constraints }: Proof): Proof {
  const reasons = facts.map((fact) => solver.clauses.reasons[fact]!);
  const used = new Set(reasons.flatMap((reason) => (reason.kind === "demand" ? [roots[reason.index]!] : [])));
  const kept = new Set(reasons.flatMap((reason) => (reason.kind === "constraint" ? [reason.index] : [])));
  return {
    packages,
    solver,
    facts,
    roots: roots.filter((index) => used.has(index)),
    constraints: constraints.filter((index) => kept.has(index)),
  };
}

/** A proof for a part of the question; undefined when that has an answer, or when it is not known in time. */
export async function prove(
  packages: Packages,
  { roots, constraints }: Pick<Proof, "roots" | "constraints">,
  effort: Effort,
): Promise<Proof | undefined> {
  const requirements = roots.map((index) => packages.question.roots[index]!.requirement);
  const solver = new Solver(withConstraints(packages, constraints), requirements);
  const outcome = await solveInTime(solver, effort);
  return outcome?.kind === "conflict" ? { packages, solver, facts: outcome.facts, roots, constraints } : undefined;
}

/** Solves and fetches until there is an outcome; undefined when the time is up or something can't be had. */
export async function solveInTime(solver: Solver, { crawler, deadlineMs }: Effort): Promise<Decided | undefined> {
  while (performance.now() < deadlineMs) {
    const outcome = solver.solve(STEPS_BETWEEN_LOOKS);
    if (outcome.kind !== "need") return outcome;
    const { pages, release } = outcome.need;
    if (pages.length === 0 && !release) await new Promise((resume) => setImmediate(resume));
    else if (!(await isInTime(crawler.fetch(outcome.need), deadlineMs))) return undefined;
  }
  return undefined;
}

async function isInTime(work: Promise<void>, deadlineMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeIsUp = new Promise<boolean>((settle) => {
    timer = setTimeout(() => settle(false), Math.max(0, deadlineMs - performance.now()));
  });
  const done = work.then(
    () => true,
    () => false,
  );
  const isDone = await Promise.race([done, timeIsUp]);
  clearTimeout(timer);
  return isDone;
}

const withConstraints = (packages: Packages, kept: readonly number[]): Universe => ({
  candidates: (name) => packages.candidates(name),
  choose: (name, among) => packages.choose(name, among),
  isDivided: (name, rank, extra) => packages.isDivided(name, rank, extra),
  requirements: (name, rank, extra) => packages.requirements(name, rank, extra),
  constraints: (name) => packages.constraints(name).filter(({ index }) => kept.includes(index)),
});

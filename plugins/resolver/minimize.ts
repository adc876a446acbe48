import type { ClauseId } from "./clauses.ts";
import type { Packages } from "./packages.ts";
import { type Outcome, Solver } from "./solver.ts";
import type { Universe } from "./universe.ts";

/** A proof that a question has no answer. Demands are counted among those of `roots`. */
export interface Proof {
  readonly solver: Solver;
  readonly facts: readonly ClauseId[];
  /** Indexes of the question's roots and constraints that were solved for. */
  readonly roots: readonly number[];
  readonly constraints: readonly number[];
}

const STEPS_BETWEEN_LOOKS = 200;

/** Drops every root and constraint without which the contradiction remains; stops early at the deadline. */
export function minimize(packages: Packages, proof: Proof, deadlineMs: number): Proof {
  let smallest = onlyInvolved(proof);
  for (const index of proof.roots) {
    if (!smallest.roots.includes(index)) continue;
    const roots = smallest.roots.filter((other) => other !== index);
    smallest = onlyInvolved(prove(packages, { ...smallest, roots }, deadlineMs) ?? smallest);
  }
  for (const index of proof.constraints) {
    if (!smallest.constraints.includes(index)) continue;
    const constraints = smallest.constraints.filter((other) => other !== index);
    smallest = onlyInvolved(prove(packages, { ...smallest, constraints }, deadlineMs) ?? smallest);
  }
  // The last attempt may have failed for another reason than those before: solve for exactly what is left.
  return prove(packages, smallest, deadlineMs) ?? proof;
}

/** Roots and constraints that the proof does not use can go. */
function onlyInvolved({ solver, facts, roots, constraints }: Proof): Proof {
  const reasons = facts.map((fact) => solver.clauses.reasons[fact]!);
  const used = new Set(reasons.flatMap((reason) => (reason.kind === "demand" ? [roots[reason.index]!] : [])));
  const kept = new Set(reasons.flatMap((reason) => (reason.kind === "constraint" ? [reason.index] : [])));
  return {
    solver,
    facts,
    roots: roots.filter((index) => used.has(index)),
    constraints: constraints.filter((index) => kept.has(index)),
  };
}

/** A proof for a part of the question; undefined when that has an answer, or when finding out takes more data or time. */
function prove(packages: Packages, part: Omit<Proof, "solver" | "facts">, deadlineMs: number): Proof | undefined {
  const { roots, constraints } = part;
  const requirements = roots.map((index) => packages.question.roots[index]!.requirement);
  const solver = new Solver(withConstraints(packages, constraints), requirements);
  const outcome = solveUntil(solver, deadlineMs);
  return outcome.kind === "conflict" ? { solver, facts: outcome.facts, roots, constraints } : undefined;
}

/** Solves until data is missing or the time is up; then the outcome is a need. */
export function solveUntil(solver: Solver, deadlineMs: number): Outcome {
  for (;;) {
    const outcome = solver.solve(STEPS_BETWEEN_LOOKS);
    const isPaused = outcome.kind === "need" && outcome.need.pages.length + outcome.need.metadata.length === 0;
    if (!isPaused || performance.now() > deadlineMs) return outcome;
  }
}

const withConstraints = (packages: Packages, kept: readonly number[]): Universe => ({
  candidates: (name) => packages.candidates(name),
  requirements: (name, rank, extra) => packages.requirements(name, rank, extra),
  constraints: (name) => packages.constraints(name).filter(({ index }) => kept.includes(index)),
});

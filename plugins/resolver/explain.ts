import { type Fix, PybunError } from "../../plugin-api/error.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import { nearest } from "../../plugin-api/nearest.ts";
import type { Session } from "../../plugin-api/session.ts";
import { chainLines } from "./chain-tree.ts";
import type { ClauseId } from "./clauses.ts";
import type { Crawler } from "./crawler.ts";
import { type Chain, compareParties, type Dispute, findDisputes } from "./dispute.ts";
import { minimize, type Proof } from "./minimize.ts";
import type { Packages } from "./packages.ts";
import { type Ranks, ranksOf, SELECTED } from "./ranks.ts";
import { findRelaxations, type Relaxation, type Relaxations } from "./relax.ts";
import type { Solver } from "./solver.ts";
import { type Explanation, explainUnavailable } from "./unavailable.ts";
import { enumerate, Wording } from "./wording.ts";

/** Time for making the proof small, and for finding changes that help. */
const MINIMIZE_MS = 300;
const RELAX_MS = 300;
const MOST_HINTS = 2;

export interface Failure {
  readonly packages: Packages;
  readonly session: Session;
  readonly crawler: Crawler;
  readonly solver: Solver;
  readonly facts: readonly ClauseId[];
}

/** The error that says why there is no resolution, and what would help. */
export async function explain({ packages, session, crawler, solver, facts }: Failure): Promise<PybunError> {
  const { question } = packages;
  const whole: Proof = {
    solver,
    facts,
    roots: [...question.roots.keys()],
    constraints: [...question.constraints.keys()],
  };
  const proof = await minimize(packages, whole, { crawler, deadlineMs: performance.now() + MINIMIZE_MS });
  const wording = new Wording(packages, proof);
  const disputes = findDisputes(proof.facts, proof.solver.clauses, (id) => proof.solver.nodeOf(id).base) ?? [];
  const explanation = describe(disputes, wording, proof);
  const { hints, fixes, relaxations } = await findHints({ packages, session, proof, disputes });
  hints.unshift(...(explanation.build?.detail.hints ?? []));
  if (explanation.python !== undefined) hints.push(question.fit.words.usePython(explanation.python));
  return new PybunError(explanation.code, explanation.message, {
    evidence: explanation.evidence,
    hints: hints.slice(0, MOST_HINTS),
    fixes,
    context: { ...explanation.context, conflicts: conflictsOf(disputes, wording), relaxations },
    cause: explanation.build?.cause,
  });
}

function describe(disputes: readonly Dispute[], wording: Wording, proof: Proof): Explanation {
  const [first] = disputes;
  if (!first) return explainByCases(wording, proof);
  const { count } = wording.candidates(first.package);
  const alone =
    first.chains.length === 1 ? first.chains[0] : first.chains.find((chain) => isEmpty(chain.allowed, count));
  if (disputes.length === 1 && alone) return explainUnavailable(first, alone, wording);
  return {
    code: "E_RESOLVE_CONFLICT",
    message: headline(disputes, wording),
    evidence: [...chainLines(disputes, wording), ...unusableLines(first, wording)],
    context: { package: wording.label(first.package) },
  };
}

const isEmpty = (ranks: Ranks, count: number): boolean => ranksOf(ranks, count).next().done === true;

function headline(disputes: readonly Dispute[], wording: Wording): string {
  const chains = disputes.flatMap((dispute) => dispute.chains);
  const ordered = chains.map(({ party }) => party).sort(compareParties);
  const parties = [...new Set(ordered.map((party) => wording.partyInText(party)))];
  const failing = disputes.filter((dispute) => !dispute.isAside);
  const names = enumerate([...new Set(failing.map((dispute) => wording.label(dispute.package)))]);
  if (parties.length === 1) return `what ${parties[0]} requires needs different versions of ${names}`;
  if (disputes.length === 1 && chains.every(({ steps }) => steps.length === 0)) {
    return `${enumerate(parties)} exclude each other`;
  }
  return `${enumerate(parties)} need different versions of ${names}`;
}

/** Versions that all would take, were they of use. */
function unusableLines(dispute: Dispute, wording: Wording): string[] {
  if (!dispute.hasUnusable) return [];
  const { count } = wording.candidates(dispute.package);
  const wanted = [...ranksOf(SELECTED, count)].filter((rank) =>
    dispute.chains.every(({ allowed }) => [...ranksOf(allowed, count)].includes(rank)),
  );
  const allowed = wanted.flatMap((rank) => [rank, rank + 1]);
  const joint: Chain = { ...dispute.chains[0]!, steps: [], allowed };
  return wanted.length === 0 ? [] : [explainUnavailable({ ...dispute, chains: [joint] }, joint, wording).message];
}

const MOST_CASES = 5;

/** The contradiction shows only when cases are tried: the facts it rests on are all there is to say. */
function explainByCases(wording: Wording, { solver, facts }: Proof): Explanation {
  const { clauses } = solver;
  const parties = facts.flatMap((fact) => {
    const reason = clauses.reasons[fact]!;
    return reason.kind === "demand" || reason.kind === "constraint" ? [{ kind: reason.kind, index: reason.index }] : [];
  });
  const places = new Set(parties.map((party) => `${wording.originOf(party)}  ${wording.demandOf(party).text}`));
  const lines = facts.flatMap((fact) => {
    const reason = clauses.reasons[fact]!;
    if (reason.kind !== "dependency") return [];
    const [ranks, refused] = clauses.sets[fact]!;
    const step = { from: reason.from, to: reason.to, ranks: ranks!, allowed: refused ? SELECTED : [] };
    return wording.stepLines(step, () => false).slice(0, 1);
  });
  const more = lines.length > MOST_CASES ? [`  and ${lines.length - MOST_CASES} more requirements`] : [];
  const texts = [...new Set(parties.map((party) => wording.partyInText(party)))];
  return {
    code: "E_RESOLVE_CONFLICT",
    message: `${enumerate(texts)} can't be met ${texts.length > 1 ? "together" : "at all"}`,
    evidence: [...places, ...lines.slice(0, MOST_CASES).map((line) => `  └─ ${line}`), ...more],
    context: {},
  };
}

const MOST_VERSIONS = 20;

/** One entry for each chain (SPEC RES-09). */
function conflictsOf(disputes: readonly Dispute[], wording: Wording) {
  return disputes.flatMap((dispute) =>
    dispute.chains.map((chain) => {
      const { releases, count } = wording.candidates(dispute.package);
      const demand = wording.demandOf(chain.party);
      const steps = chain.steps.map((step) => {
        const from = wording.usable(step.from, step.ranks);
        return {
          text: wording.stepLines(step, () => true)[0]!,
          package: wording.label(step.from),
          versions: from.length,
        };
      });
      return {
        package: wording.label(dispute.package),
        chain: [{ origin: wording.originOf(chain.party), text: demand.text }, ...steps],
        required: wording.requiredBy(chain, dispute.package),
        available: [...ranksOf(SELECTED, count)].slice(-MOST_VERSIONS).map((rank) => releases.version(rank)),
        available_count: count,
      };
    }),
  );
}

interface HintInput {
  readonly packages: Packages;
  readonly session: Session;
  readonly proof: Proof;
  readonly disputes: readonly Dispute[];
}

async function findHints({ packages, session, proof, disputes }: HintInput) {
  const deadlineMs = performance.now() + RELAX_MS;
  const unknown = disputes.length === 1 ? proof.solver.nodeOf(disputes[0]!.package).name : undefined;
  if (unknown !== undefined && packages.candidates(unknown)?.count === 0)
    return suggestName(packages, session, unknown);
  const demands = [...new Set(proof.roots.map((index) => packages.question.roots[index]!.demand))];
  const relaxed = await findRelaxations(packages, demands, { session, deadlineMs });
  const fixes = relaxed.found.flatMap(({ demand, instead }): Fix[] =>
    isInProject(demand.origin)
      ? [{ id: `loosen ${demand.requirement.name}`, applicability: "review", command: ["pybun", "add", instead] }]
      : [],
  );
  const relaxations = relaxed.found.map(({ demand, instead, gives }) => ({
    origin: demand.origin,
    requirement: demand.text,
    instead,
    gives,
  }));
  return { hints: hintsFor(relaxed, demands.length), fixes, relaxations };
}

const isInProject = (origin: string): boolean => origin.startsWith("pyproject.toml");

function hintsFor({ found, isComplete }: Relaxations, demands: number): string[] {
  if (found.length === 0) return isComplete && demands > 1 ? ["no single change of your requirements helps"] : [];
  return found.slice(0, MOST_HINTS).map((relaxation, i) => `${i > 0 ? "or " : ""}${sentence(relaxation)}`);
}

function sentence({ demand, instead, direction, gives }: Relaxation): string {
  const { name } = demand.requirement;
  const action =
    direction === "newest"
      ? "take the newest"
      : direction === "older"
        ? `allow an older ${name}`
        : `allow a newer ${name}`;
  const command = isInProject(demand.origin) ? `pybun add "${instead}"` : instead;
  const place = isInProject(demand.origin) || demand.origin === "command line" ? "" : ` in ${demand.origin}`;
  return `${action}${place}: \`${command}\` (gives ${gives})`;
}

/** A near name that does exist: for a person to judge, since a look-alike may be anybody's. */
async function suggestName(packages: Packages, session: Session, unknown: PackageName) {
  const { wellKnownNames } = await import("./well-known-names.ts");
  const near = nearest(unknown, wellKnownNames) as PackageName | undefined;
  const none = { hints: [], fixes: [], relaxations: [] };
  if (near === undefined || near === unknown) return none;
  try {
    const pages = await session.run("fetch.versions", { name: near });
    if (!pages.some((page) => page.count > 0)) return none;
  } catch {
    return none;
  }
  const demand = packages.question.roots.find(({ requirement }) => requirement.name === unknown)?.demand;
  if (!demand || !isInProject(demand.origin)) return { ...none, hints: [`did you mean \`${near}\``] };
  const fixes: Fix[] = [{ id: `rename ${unknown}`, applicability: "review", command: ["pybun", "add", near] }];
  return { ...none, hints: [`did you mean \`${near}\`: \`pybun add ${near}\``], fixes };
}

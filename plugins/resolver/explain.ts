import { type Fix, PybunError } from "../../plugin-api/error.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";
import { chainLines } from "./chain-tree.ts";
import { conflictsOf } from "./conflicts.ts";
import { type Chain, compareParties, type Dispute, findDisputes } from "./dispute.ts";
import { minimize, type Proof } from "./minimize.ts";
import { type Ranks, ranksOf, SELECTED } from "./ranks.ts";
import { adviceFor } from "./remedy/advice.ts";
import { type Contradiction, type Outlook, ownerInWords, type Scope } from "./remedy/scope.ts";
import { suggestName } from "./suggest-name.ts";
import { type Explanation, explainUnavailable } from "./unavailable.ts";
import { enumerate, Wording } from "./wording.ts";

/** Time for making the proof small. */
const MINIMIZE_MS = 500;
const MOST_HINTS = 2;

export interface Failure extends Contradiction {
  readonly session: Session;
  readonly scope: Scope;
  /** Names that the project has to do with already. */
  readonly met?: readonly string[];
}

/** The error that says why there is no resolution, and what would help. */
export async function explain(failure: Failure): Promise<PybunError> {
  const { packages, session, scope } = failure;
  const { question } = packages;
  const told = await tellOf(failure);
  const { explanation, disputes, wording } = told;
  const { lines, outlook, advice } = await adviceFor({ ...told, question, session, scope });
  const unknown = lines.find(({ demand }) => packages.candidates(demand.requirement.name)?.count === 0);
  const naming =
    unknown?.as === "requirement" ? await suggestName(unknown.demand, failure.met ?? [], session) : undefined;
  const helpful = unknown ? (naming?.hints ?? []) : advice.hints;
  const hints = [...(explanation.build?.detail.hints ?? []), ...helpful];
  if (explanation.python !== undefined && outlook.raising.length === 0 && scope.file === undefined)
    hints.push(question.fit.words.usePython(explanation.python));
  const fixes: readonly Fix[] = naming?.fixes ?? advice.fixes;
  return new PybunError(explanation.code, explanation.message, {
    evidence: [...explanation.evidence, ...(await placeLines(told, outlook, session))],
    hints: hints.slice(0, MOST_HINTS),
    fixes,
    context: {
      ...explanation.context,
      conflicts: conflictsOf(disputes, wording),
      relaxations: advice.relaxations,
      ...(outlook.where && { region: outlook.where.text, region_marker: outlook.where.marker }),
      ...(outlook.python && { requires_python: outlook.python }),
    },
    cause: explanation.build?.cause,
  });
}

/** A proof, and how it is told. */
export interface Told {
  readonly proof: Proof;
  readonly wording: Wording;
  readonly disputes: readonly Dispute[];
  readonly explanation: Explanation;
}

async function tellOf({ scope, ...contradiction }: Failure): Promise<Told> {
  const told = await smallest(contradiction, scope);
  if (!told.explanation.build) return told;
  // A build that fails says little, when no version would do even if all could be built.
  const deeper = await scope.withoutBuilds(performance.now() + MINIMIZE_MS);
  return deeper ? smallest(deeper, scope) : told;
}

async function smallest({ packages, crawler, solver, facts }: Contradiction, scope: Scope): Promise<Told> {
  const { question } = packages;
  const roots = [...question.roots.keys()];
  const constraints = [...question.constraints.keys()];
  const deadlineMs = performance.now() + MINIMIZE_MS;
  const proof = await minimize({ packages, solver, facts, roots, constraints }, { crawler, deadlineMs });
  return tell(proof, scope);
}

function tell(proof: Proof, scope: Scope): Told {
  const wording = new Wording(proof, scope.owner);
  const disputes = findDisputes(proof.facts, proof.solver.clauses, (id) => proof.solver.nodeOf(id).base) ?? [];
  return { proof, wording, disputes, explanation: describe(disputes, wording, proof) };
}

/**
 * What the project says of its Pythons, where that is the matter; and where there is no answer, if only in some place that is not
 * told yet: by the headline, or by the extra or group behind a line.
 */
async function placeLines(
  { explanation: { code }, disputes, wording }: Told,
  { where, python }: Outlook,
  session: Session,
): Promise<readonly string[]> {
  const isAboutPython = code === "E_RESOLVE_PYTHON";
  const lines: string[] = [];
  if (isAboutPython && python) {
    const { home } = await session.use(Host);
    lines.push(`${showPath(python.file, { cwd: session.cwd, home })}:${python.line}  ${python.text}`);
  }
  const parties = disputes.flatMap(({ chains }) => chains.map(({ party }) => party));
  const isTold = where?.isByParts
    ? parties.some((party) => ownerInWords(wording.ownerOf(party)) !== "")
    : isAboutPython && where?.isByPython === true;
  if (where && !isTold) lines.push(`only for ${where.text}`);
  return lines;
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
  const width = Math.max(0, ...parties.map((party) => wording.originOf(party).length));
  const places = new Set(parties.sort(compareParties).map((party) => wording.partyLine(party, width)));
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

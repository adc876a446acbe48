import type { RootOwner } from "../../../plugin-api/model/lock.ts";
import { parseRequirement } from "../../../plugin-api/python/requirement.ts";
import type { Session } from "../../../plugin-api/session.ts";
import type { Dispute } from "../dispute.ts";
import type { Told } from "../explain.ts";
import type { Question } from "../question.ts";
import { ranksOf } from "../ranks.ts";
import type { Wording } from "../wording.ts";
import { findRemedies, type Lever, looseningLevers } from "./find.ts";
import { admittingLevers, linesBehind } from "./levers.ts";
import type { Outlook, Scope } from "./scope.ts";
import { type Advice, advise } from "./tell.ts";
import type { Involved } from "./trial.ts";

/** Time for finding changes that help: most of it would be spent waiting for pages. */
const REMEDY_MS = 3000;

export interface Advised {
  readonly lines: readonly Involved[];
  readonly outlook: Outlook;
  readonly advice: Advice;
}

interface Asked extends Told {
  readonly question: Question;
  readonly session: Session;
  readonly scope: Scope;
}

const NO_OUTLOOK: Outlook = { raising: [], parting: [], narrowing: [] };
const NO_ADVICE: Advice = { hints: [], fixes: [], relaxations: [] };
const PROJECT: RootOwner = { kind: "project", name: "", member: "" };

/** The lines behind a failure, where else they fail, and what could be changed so that they do not. */
export async function adviceFor(asked: Asked): Promise<Advised> {
  const { proof, explanation, question, session, scope } = asked;
  const lines = linesBehind(proof, question);
  const outlook = (await scope.look?.(lines, explanation.python)) ?? NO_OUTLOOK;
  const search = {
    trial: scope.trial,
    deadlineMs: performance.now() + REMEDY_MS,
    names: [...new Set(asked.disputes.map((dispute) => asked.wording.nameOf(dispute.package)))],
  };
  const { found, isComplete } = await findRemedies(leversFor(asked, lines, outlook), search);
  if (found.length > 0) return { lines, outlook, advice: await advise(found, { file: scope.file, session }) };
  const last = await findRemedies(scope.file === undefined ? [] : overridingLevers(asked), search);
  if (last.found.length > 0) return { lines, outlook, advice: await advise(last.found, { file: scope.file, session }) };
  const isHopeless = isComplete && lines.length > 1;
  const hints = isHopeless ? ["no other versions of what is asked for would do"] : [];
  return { lines, outlook, advice: { ...NO_ADVICE, hints } };
}

function leversFor(
  { explanation, scope, wording, disputes }: Asked,
  lines: readonly Involved[],
  outlook: Outlook,
): readonly Lever[] {
  const loosening = looseningLevers(lines);
  const { raising, parting, narrowing } = outlook;
  if (explanation.code === "E_RESOLVE_PYTHON") return [...raising, ...loosening, ...narrowing];
  const party = disputes[0]?.chains[0]?.party;
  const owner = (party && wording.ownerOf(party)) ?? PROJECT;
  const isProject = scope.file?.endsWith(".toml") === true;
  const admitting = isProject && explanation.unusable ? admittingLevers(explanation.unusable, owner) : [];
  return [...parting, ...loosening, ...admitting, ...raising, ...narrowing];
}

/** The newest that one of the parties asks for, whatever the others say. */
function overridingLevers({ disputes, wording, explanation }: Asked): readonly Lever[] {
  if (explanation.code !== "E_RESOLVE_CONFLICT") return [];
  return disputes.flatMap((dispute): readonly Lever[] => {
    const specifier = newestRequired(dispute, wording);
    if (dispute.isAside || dispute.hasUnusable || specifier === undefined) return [];
    return [{ kind: "override", requirement: parseRequirement(wording.nameOf(dispute.package) + specifier) }];
  });
}

function newestRequired({ package: id, chains }: Dispute, wording: Wording): string | undefined {
  const { count } = wording.candidates(id);
  const told = chains.map((chain) => ({
    specifier: wording.requiredBy(chain, id),
    newest: [...ranksOf(chain.allowed, count)].at(-1) ?? -1,
  }));
  const [first] = told.sort((a, b) => b.newest - a.newest);
  return first === undefined || first.newest < 0 || first.specifier.startsWith(" @ ") ? undefined : first.specifier;
}

import { containsKey, parseSpecifier } from "../../plugin-api/python/specifier.ts";
import { parseVersion } from "../../plugin-api/python/version.ts";
import { versionKey } from "../../plugin-api/python/version-key.ts";

/**
 * A specifier that lets a version in, changed no more than that takes: of the clauses that shut it out, those that set an upper
 * end are raised in the precision they have (`<0.28` becomes `<0.29`, `<2.0.0` becomes `<3.0.0`, `~=1.4` becomes `~=2.0`, `==1.2.3`
 * the version itself). Undefined where that does not help: a version that is shut out by name stays so. Pure.
 */
export function raisedSpecifier(specifier: string, version: string): string | undefined {
  const admits = (text: string): boolean => containsKey(parseSpecifier(text), versionKey(version) ?? "");
  if (specifier === "" || admits(specifier)) return undefined;
  const raised = specifier.split(",").map((clause) => (admits(clause) ? clause : raisedClause(clause, version)));
  const text = raised.join(",");
  return admits(text) ? text : undefined;
}

/** A requirement as it stands in a file, with the clauses of its specifier replaced that differ in another one; all else stays. */
export function withSpecifier(written: string, before: string, after: string): string | undefined {
  const [old, now] = [before.split(","), after.split(",")];
  const end = written.indexOf(";");
  let head = end < 0 ? written : written.slice(0, end);
  for (const [at, clause] of old.entries()) {
    const next = now[at];
    if (next === undefined || next === clause) continue;
    const [, operator = "", bound = ""] = CLAUSE.exec(clause) ?? [];
    const raised = CLAUSE.exec(next)?.[2] ?? "";
    const place = new RegExp(`(?<![<>=!~])(${escaped(operator)}\\s*)${escaped(bound)}(?=\\s*(?:[,)]|$))`);
    if (!place.test(head)) return undefined;
    head = head.replace(place, (_, front: string) => front + raised);
  }
  return end < 0 ? head : head + written.slice(end);
}

const CLAUSE = /^(===|[<>=!~]=|[<>])(.*)$/;
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

function raisedClause(clause: string, version: string): string {
  const [, operator = "", bound = "", wildcard = ""] =
    /^\s*(===|[<>=!~]=|[<>])\s*([^*]*?)(\.\*)?\s*$/.exec(clause) ?? [];
  const chosen = version.split("+", 1)[0] as string;
  switch (operator) {
    case "===":
    case "<=":
      return operator + chosen;
    case "==":
      return `==${wildcard === "" ? chosen : `${cutTo(chosen, partsOf(bound).length)}.*`}`;
    case "~=":
      return `~=${cutTo(chosen, partsOf(bound).length)}`;
    case "<":
      return `<${nextAbove(chosen, bound)}`;
    default:
      return clause;
  }
}

const partsOf = (version: string): readonly number[] => parseVersion(version).release;

/** The first so many numbers of a version's release, zeros where it has fewer. */
function cutTo(version: string, length: number): string {
  const { epoch, release } = parseVersion(version);
  const numbers = Array.from({ length }, (_, at) => release[at] ?? 0);
  return `${epoch === 0 ? "" : `${epoch}!`}${numbers.join(".")}`;
}

/** The end above a version that stands at the same place as an older end: its last number that is not zero counts. */
function nextAbove(version: string, bound: string): string {
  const { epoch, release } = parseVersion(version);
  const old = partsOf(bound);
  const place = Math.max(
    0,
    old.findLastIndex((number) => number !== 0),
  );
  const numbers = old.map((_, at) => (at < place ? (release[at] ?? 0) : at === place ? (release[at] ?? 0) + 1 : 0));
  return `${epoch === 0 ? "" : `${epoch}!`}${numbers.join(".")}`;
}

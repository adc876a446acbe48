import { type Clause, parseClause, parseSpecifier } from "../../plugin-api/python/specifier.ts";

const ORDER = ["===", "==", "~=", ">=", ">", "<", "<=", "!="];
const LOWER = [">", ">="];
const UPPER = ["<", "<="];

/** A specifier as people write it: from, to, but not; of several lower bounds, or upper ones, only the one that says most. */
export function asWritten(specifier: string): string {
  if (specifier === "" || specifier.startsWith(" @ ")) return specifier;
  const told = new Map<string, Clause>();
  for (const clause of parseSpecifier(specifier).clauses) {
    const { operator, version } = clause;
    const side = LOWER.includes(operator) ? "lower" : UPPER.includes(operator) ? "upper" : operator + version;
    const known = told.get(side);
    if (!known || saysMore(clause, known)) told.set(side, clause);
  }
  return inOrder([...told.values()].map(textOf)).join(",");
}

/** A version as a bound: only `==` and `!=` may name a local version (PEP 440, "Local version identifiers"). */
export const withoutLocal = (version: string): string => version.split("+", 1)[0]!;

/** The clauses in the order in which people write them. */
export const inOrder = (clauses: readonly string[]): readonly string[] =>
  clauses.toSorted((a, b) => ORDER.indexOf(operatorOf(a)) - ORDER.indexOf(operatorOf(b)));

const operatorOf = (clause: string): string => /^[=<>~!]+/.exec(clause)?.[0] ?? "";
const textOf = ({ operator, version }: Clause): string => operator + version;

/** Both are lower bounds, or both upper ones. */
function saysMore(clause: Clause, other: Clause): boolean {
  const [own, its] = [parseClause(textOf(clause)).bounds, parseClause(textOf(other)).bounds];
  return LOWER.includes(clause.operator) ? (own[0] ?? "") > (its[0] ?? "") : (own.at(-1) ?? "") < (its.at(-1) ?? "");
}

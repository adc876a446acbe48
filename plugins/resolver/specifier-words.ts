import { type Clause, parseClause, parseSpecifier } from "../../plugin-api/python/specifier.ts";
import { versionParts } from "../../plugin-api/python/version-key.ts";

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

/**
 * From the lowest bound that any of the specifiers states to the highest: `>=1.0,<2.0` of `>=1.0,<1.5` and `~=1.7`, in their own
 * words. Undefined when one of them is an address, or names what is no version.
 */
export function spanOf(specifiers: readonly string[]): string | undefined {
  if (specifiers.some((specifier) => specifier.startsWith(" @ "))) return undefined;
  const clauses = specifiers.map((specifier) => parseSpecifier(specifier).clauses);
  if (clauses.flat().some(({ operator, version }) => operator === "===" && !versionParts(version))) return undefined;
  const ends = clauses.map((all) => all.flatMap(endsOf));
  const widest = (side: readonly string[]): readonly string[] => {
    const own = ends.map((all) => all.filter(({ operator }) => side.includes(operator)).reduce(tighter, undefined));
    const [first, ...others] = own.flatMap((clause) => clause ?? []);
    if (first === undefined || others.length < specifiers.length - 1) return [];
    return [textOf(others.reduce((wide, clause) => (saysMore(wide, clause) ? clause : wide), first))];
  };
  return [...widest(LOWER), ...widest(UPPER)].join(",");
}

const tighter = (known: Clause | undefined, clause: Clause): Clause =>
  known && !saysMore(clause, known) ? known : clause;

/** What a clause says of where versions begin and end. */
function endsOf(clause: Clause): readonly Clause[] {
  const { operator } = clause;
  const version = withoutLocal(clause.version);
  const isPrefix = version.endsWith(".*");
  const start: Clause = { operator: ">=", version: isPrefix ? version.slice(0, -2) : version };
  switch (operator) {
    case "!=":
      return [];
    case "~=":
      return [start, { operator: "<", version: releaseAfter(version, 1) }];
    case "==":
    case "===":
      return [
        start,
        isPrefix ? { operator: "<", version: releaseAfter(start.version, 0) } : { operator: "<=", version },
      ];
    default:
      return [clause];
  }
}

/** The release after all that begin like this one, without so many of its last numbers. */
export function releaseAfter(version: string, dropped: number): string {
  const epoch = /^v?(\d+!)/i.exec(version.trim())?.[1] ?? "";
  const release = versionParts(version)?.release ?? ["0"];
  const kept = release.slice(0, Math.max(1, release.length - dropped));
  const last = kept.pop() ?? "0";
  return epoch + [...kept, String(BigInt(last) + 1n)].join(".");
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

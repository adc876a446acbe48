import { type Clause, parseClause, parseSpecifier } from "../../../plugin-api/python/specifier.ts";
import { releaseAfter, withoutLocal } from "../specifier-words.ts";

/** Which other versions might do. */
export interface Direction {
  readonly way: "older" | "newer" | "other";
  /** The versions that lie there, none of which the specifier admits. */
  readonly among: string;
}

/**
 * Where else to look than where a specifier does: below it and above it, each for itself, since the next best version below is
 * found at once, and the newest of all only by walking down.
 */
export function directionsOf(specifier: string): readonly Direction[] {
  const { clauses } = parseSpecifier(specifier);
  const low = edge(clauses, below, (a, b) => (a.bounds.at(-1) ?? "") > (b.bounds.at(-1) ?? ""));
  const high = edge(clauses, above, (a, b) => (a.bounds[0] ?? "") < (b.bounds[0] ?? ""));
  const found: Direction[] = [];
  if (high !== undefined) found.push({ way: "newer", among: high });
  if (low !== undefined) found.push({ way: "older", among: low });
  return found.length > 0 || clauses.length === 0 ? found : [{ way: "other", among: "" }];
}

/** Of what the clauses exclude on one side, the most. */
function edge(
  clauses: readonly Clause[],
  side: (clause: Clause) => string | undefined,
  isMore: (a: ReturnType<typeof parseClause>, b: ReturnType<typeof parseClause>) => boolean,
): string | undefined {
  const found = clauses.flatMap((clause) => side(clause) ?? []);
  return found.reduce<string | undefined>(
    (most, one) => (most === undefined || isMore(parseClause(one), parseClause(most)) ? one : most),
    undefined,
  );
}

function below({ operator, version }: Clause): string | undefined {
  switch (operator) {
    case ">":
      return `<=${version}`;
    case ">=":
    case "~=":
    case "==":
    case "===":
      return `<${withoutLocal(version.replace(/\.\*$/, ""))}`;
    default:
      return undefined;
  }
}

function above({ operator, version }: Clause): string | undefined {
  switch (operator) {
    case "<":
      return `>=${version}`;
    case "<=":
    case "===":
      return `>${withoutLocal(version)}`;
    case "==":
      return version.endsWith(".*") ? `>=${releaseAfter(version.slice(0, -2), 0)}` : `>${withoutLocal(version)}`;
    case "~=":
      return `>=${releaseAfter(version, 1)}`;
    default:
      return undefined;
  }
}

import { type Clause, parseClause, parseSpecifier, satisfies } from "../../../plugin-api/python/specifier.ts";
import { versionKey, versionParts } from "../../../plugin-api/python/version-key.ts";
import { inOrder, withoutLocal } from "../specifier-words.ts";

/**
 * A specifier that lets the versions in, written as the one that does not: clauses that have nothing against them stay,
 * the others move just as far as they must. `>=1.35,<2` for 1.34.2 is `>=1.34,<2`; `<2` for 2.6.1 is `<3`.
 */
export function widen(specifier: string, versions: readonly string[]): string {
  const { clauses } = parseSpecifier(specifier);
  const sorted = versions.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const [lowest, highest] = [sorted[0], sorted.at(-1)];
  if (lowest === undefined || highest === undefined) return "";
  const moved = clauses.flatMap((clause) => {
    const text = clause.operator + clause.version;
    const admits = sorted.every((version) => satisfies(parseClause(text), version, { prereleases: true }));
    return admits ? [text] : moveClause(clause, lowest, highest);
  });
  return inOrder([...new Set(moved)]).join(",");
}

const keyOf = (version: string): string => versionKey(version) ?? "";

function moveClause({ operator, version: bound }: Clause, lowest: string, highest: string): readonly string[] {
  switch (operator) {
    case ">":
    case ">=":
      return [`>=${shorten(lowest)}`];
    case "<=":
      return [`<=${withoutLocal(highest)}`];
    case "<":
      return [`<${justAbove(highest, componentsOf(bound))}`];
    case "~=":
      return lowest === highest ? [`~=${truncate(lowest, componentsOf(bound))}`] : [`>=${shorten(lowest)}`];
    case "==":
    case "===":
      if (lowest !== highest) return [`>=${shorten(lowest)}`];
      return [bound.endsWith(".*") ? `==${truncate(lowest, componentsOf(bound))}.*` : operator + lowest];
    case "!=":
      return [];
  }
}

/** `1.34.0` → `1.34`: a bound as people write it. Pre-releases stay whole, since a shorter bound may be above them. */
const shorten = (version: string): string => {
  const text = withoutLocal(version);
  return /^\d+\.\d+(?=(?:\.\d+)*$)/.exec(text)?.[0] ?? text;
};

const releaseOf = (version: string): readonly string[] => versionParts(version)?.release ?? [];
const componentsOf = (bound: string): number => Math.max(1, releaseOf(bound.replace(/\.\*$/, "")).length);
const epochOf = (version: string): string => /^v?(\d+!)/i.exec(version.trim())?.[1] ?? "";

function truncate(version: string, components: number): string {
  const release = releaseOf(version);
  const parts = Array.from({ length: components }, (_, i) => release[i] ?? "0");
  return epochOf(version) + parts.join(".");
}

/** The next number with so many components: 2.6.1 with one is below 3, with two below 2.7. */
function justAbove(version: string, components: number): string {
  const parts = truncate(version, components).slice(epochOf(version).length).split(".");
  const last = parts.pop() ?? "0";
  return epochOf(version) + [...parts, String(BigInt(last) + 1n)].join(".");
}

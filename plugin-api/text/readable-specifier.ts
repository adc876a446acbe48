/** A specifier as people write it, with what it begins at first: `>=3,!=3.5,<5`. */
export function readableSpecifier(specifier: string): string {
  const rank = (clause: string): number => (clause.startsWith("<") ? 2 : clause.startsWith("!=") ? 1 : 0);
  return specifier
    .split(",")
    .toSorted((a, b) => rank(a) - rank(b))
    .join(",");
}

import { InvalidSyntax } from "../error.ts";
import { normalizeName } from "./package-name.ts";
import { parseRequirement } from "./requirement.ts";

/** Includes multiply, so a few nested groups can ask for more than memory holds. */
const LIMIT = 100_000;

/**
 * The requirements of a group in a `[dependency-groups]` table (PEP 735), as written, includes expanded in place, duplicates
 * kept. Names are compared in normal form. Throws InvalidSyntax for a malformed, missing or circular group among those needed,
 * and for two groups of the same name anywhere.
 */
export function expandDependencyGroup(groups: Readonly<Record<string, unknown>>, name: string): readonly string[] {
  const byName = new Map<string, unknown>();
  for (const [written, entries] of Object.entries(groups)) {
    const normal = normalizeName(written);
    if (byName.has(normal)) throw new InvalidSyntax(`two dependency groups are called \`${normal}\``);
    byName.set(normal, entries);
  }
  const done = new Map<string, readonly string[]>();

  const expand = (group: string, including: readonly string[]): readonly string[] => {
    const known = done.get(group);
    if (known !== undefined) return known;
    const chain = [...including, group];
    if (including.includes(group))
      throw new InvalidSyntax(`dependency groups include each other: ${chain.join(" → ")}`);
    const requirements = readGroup(group, byName.get(group)).flatMap((entry) =>
      "include" in entry ? expand(entry.include, chain) : entry.requirement,
    );
    if (requirements.length > LIMIT)
      throw new InvalidSyntax(`dependency group \`${group}\` has over ${LIMIT} requirements`);
    done.set(group, requirements);
    return requirements;
  };
  return expand(normalizeName(name), []);
}

/**
 * Which groups of a `[dependency-groups]` table (PEP 735) include which others, themselves or through further ones, by normal
 * name. Only for a table of which `expandDependencyGroup` expands every group.
 */
export function includedGroups(groups: Readonly<Record<string, unknown>>): ReadonlyMap<string, ReadonlySet<string>> {
  const direct = new Map<string, readonly string[]>(
    Object.entries(groups).map(([written, entries]) => {
      const name = normalizeName(written);
      return [name, readGroup(name, entries).flatMap((entry) => ("include" in entry ? entry.include : []))] as const;
    }),
  );
  const all = new Map<string, ReadonlySet<string>>();
  const collect = (group: string): ReadonlySet<string> => {
    let known = all.get(group);
    if (!known) {
      const names = direct.get(group) ?? [];
      all.set(group, (known = new Set([...names, ...names.flatMap((name) => [...collect(name)])])));
    }
    return known;
  };
  return new Map([...direct.keys()].map((group) => [group, collect(group)]));
}

type Entry = { readonly requirement: string } | { readonly include: string };

function readGroup(group: string, entries: unknown): readonly Entry[] {
  if (entries === undefined) throw new InvalidSyntax(`dependency group \`${group}\` does not exist`);
  if (!Array.isArray(entries)) throw new InvalidSyntax(`dependency group \`${group}\` is not a list`);
  return entries.map((entry: unknown) => {
    if (typeof entry === "string") {
      parseRequirement(entry);
      return { requirement: entry };
    }
    const include = typeof entry === "object" && entry !== null && Object.keys(entry).join() === "include-group";
    const target = include ? (entry as Record<string, unknown>)["include-group"] : undefined;
    if (typeof target === "string") return { include: normalizeName(target) };
    throw new InvalidSyntax(
      `dependency group \`${group}\` has an entry that is neither a requirement nor an include: ${JSON.stringify(entry)}`,
    );
  });
}

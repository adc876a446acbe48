import type { ConflictItem } from "../model/lock.ts";
import type { PackageName } from "../model/requirement.ts";
import { includedGroups } from "../python/dependency-groups.ts";

interface Own {
  /** The `[dependency-groups]` table, known to be well-formed. */
  readonly groups: Readonly<Record<string, unknown>>;
  /** The project's. */
  readonly name: PackageName | undefined;
}

type Conflicts = readonly (readonly ConflictItem[])[];

/**
 * Conflicts as declared, and those that follow from them: a group has what it includes (PEP 735), so it can't be had with what
 * that can't be had with. uv infers them too.
 */
export function withIncluding(declared: Conflicts, { groups, name }: Own): Conflicts {
  if (declared.length === 0) return declared;
  const included = includedGroups(groups);
  const isOwn = (item: ConflictItem): boolean => item.kind === "group" && (item.member === "" || item.member === name);
  const including = (item: ConflictItem): readonly ConflictItem[] =>
    isOwn(item)
      ? [...included].flatMap(([group, names]) => (names.has(item.name) ? [{ ...item, name: group }] : []))
      : [];
  const known = new Set(declared.flatMap((set) => pairs(set).map(keyOf)));
  const inferred = declared.flatMap((set) =>
    pairs(set).flatMap(([a, b]) => pairsBetween([a, ...including(a)], [b, ...including(b)])),
  );
  return [
    ...declared,
    ...inferred.filter((pair) => {
      const isNews = !known.has(keyOf(pair));
      known.add(keyOf(pair));
      return isNews;
    }),
  ];
}

type Pair = readonly [ConflictItem, ConflictItem];

const pairs = (set: readonly ConflictItem[]): readonly Pair[] =>
  set.flatMap((a, i) => set.slice(i + 1).map((b): Pair => [a, b]));

/** A group that includes both can't be had at all, which is not a conflict with itself. */
const pairsBetween = (left: readonly ConflictItem[], right: readonly ConflictItem[]): readonly Pair[] =>
  left.flatMap((a) => right.flatMap((b): Pair[] => (textOf(a) === textOf(b) ? [] : [[a, b]])));

const textOf = ({ kind, name, member }: ConflictItem): string => `${kind} ${name} ${member}`;
const keyOf = (pair: Pair): string => pair.map(textOf).sort().join("\n");

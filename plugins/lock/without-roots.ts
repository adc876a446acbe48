import type { Lock, LockedEdge, LockedPackage, LockedRoot } from "../../plugin-api/model/lock.ts";
import type { Extra } from "../../plugin-api/model/requirement.ts";
import { parseRequirement } from "../../plugin-api/python/requirement.ts";
import { isPrereleaseKey, versionKey } from "../../plugin-api/python/version-key.ts";

/**
 * What is left of a lock when only these of its roots remain, as a resolution that prefers the lock's versions would have it (SPEC
 * RES-13): what nobody requires any more is not there, and all else is as it was. Undefined where only a resolution can tell: a
 * package may be chosen in fewer environments now, forks may have become needless, or what is gone had let it in. Pure.
 */
export function withoutRoots(lock: Lock, roots: readonly LockedRoot[]): Lock | undefined {
  if (lock.packages.some(isOpen)) return undefined;
  const before = reachOf(lock, lock.roots);
  const after = reachOf(lock, roots);
  const narrower = [...after.values()].filter(({ key, asked }) => asked < before.get(key)!.asked);
  if (narrower.some(({ at }) => mayBeChosenOtherwise(lock.packages[at]!))) return undefined;
  const everywhere = reachedFrom(after, wholeRoots(roots), ({ isWhole }) => isWhole);
  // Where they are chosen rests on where those are chosen that require them.
  const doubtful = narrower.filter((node) => !everywhere.has(node)).map(({ key }) => key);
  for (const node of reachedFrom(after, doubtful, () => true)) if (!everywhere.has(node)) return undefined;
  const left = only(lock, roots, after);
  // Forks without a reason are joined.
  return hasVersions(left) === hasVersions(lock) ? left : undefined;
}

/** What a folder requires stands in the folder. */
const isOpen = ({ source }: LockedPackage): boolean => source.kind === "path" || source.kind === "member";

/** Whether there are several versions of some package. */
const hasVersions = ({ packages }: Lock): boolean => packages.some(({ name }, at) => packages[at + 1]?.name === name);

/** A requirement may be why a pre-release, a withdrawn file or another source than the index was taken. */
const mayBeChosenOtherwise = ({ version, source, files }: LockedPackage): boolean =>
  source.kind !== "index" || isPrereleaseKey(versionKey(version) ?? "") || files.some(({ isYanked }) => isYanked);

/** A package, or one of its extras. */
interface Node {
  readonly key: string;
  readonly at: number;
  /** How many requirements name it. */
  asked: number;
  readonly requires: { readonly key: string; readonly isWhole: boolean }[];
}
type Reach = ReadonlyMap<string, Node>;

const keyOf = (at: number, extra: Extra | ""): string => `${at}[${extra}`;
const keysOf = (to: number, extras: readonly Extra[]): readonly string[] =>
  ["" as const, ...extras].map((extra) => keyOf(to, extra));
const keysOfRoot = ({ to, requirement }: LockedRoot): readonly string[] =>
  keysOf(to, parseRequirement(requirement).extras);

const wholeRoots = (roots: readonly LockedRoot[]): readonly string[] =>
  roots.filter(({ marker }) => marker === "").flatMap(keysOfRoot);

/** All that roots lead to. */
function reachOf({ packages }: Lock, roots: readonly LockedRoot[]): Reach {
  const nodes = new Map<string, Node>();
  const open: Node[] = [];
  const ask = (key: string): void => {
    let node = nodes.get(key);
    if (!node) {
      nodes.set(key, (node = { key, at: Number.parseInt(key, 10), asked: 0, requires: [] }));
      open.push(node);
    }
    node.asked++;
  };
  for (const root of roots) for (const key of keysOfRoot(root)) ask(key);
  for (let node = open.pop(); node; node = open.pop()) {
    const extra = node.key.slice(node.key.indexOf("[") + 1);
    for (const edge of packages[node.at]!.dependencies) {
      if (extraOf(edge) !== extra) continue;
      const isWhole = edge.marker === (extra === "" ? "" : `extra == "${extra}"`);
      for (const key of keysOf(edge.to, edge.extras)) {
        ask(key);
        node.requires.push({ key, isWhole });
      }
    }
  }
  return nodes;
}

/** The extra that an edge belongs to; an edge of the package itself has none. */
const extraOf = ({ marker }: LockedEdge): string => /\bextra == "([^"]*)"/.exec(marker)?.[1] ?? "";

/** Nodes and all that they lead to along the requirements that count. */
function reachedFrom(
  nodes: Reach,
  keys: Iterable<string>,
  counts: (requirement: Node["requires"][number]) => boolean,
): ReadonlySet<Node> {
  const found = new Set([...keys].map((key) => nodes.get(key)!));
  for (const { requires } of found)
    for (const requirement of requires) if (counts(requirement)) found.add(nodes.get(requirement.key)!);
  return found;
}

function only(lock: Lock, roots: readonly LockedRoot[], reach: Reach): Lock {
  const { requiresPython, forks, packages, meta } = lock;
  let count = 0;
  const places = packages.map((_, at) => (reach.has(keyOf(at, "")) ? count++ : -1));
  const asTold = (each: LockedPackage, at: number): LockedPackage => {
    const has = (extra: string): boolean => reach.has(keyOf(at, extra as Extra));
    return {
      ...each,
      extras: each.extras.filter(has),
      dependencies: each.dependencies
        .filter((edge) => has(extraOf(edge)))
        .map((edge) => ({ ...edge, to: places[edge.to]! })),
    };
  };
  return {
    requiresPython,
    forks,
    packages: packages.flatMap((each, at) => (places[at]! < 0 ? [] : [asTold(each, at)])),
    roots: roots.map((root) => ({ ...root, to: places[root.to]! })),
    meta,
  };
}

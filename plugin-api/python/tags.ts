import type { TagPlatform } from "../model/interpreter.ts";
import { platformTags } from "./platform-tags.ts";
import { cachedByText } from "./text-cache.ts";

/** The compatible tags as a product: every pair with every platform, in this order, then the pure ones for any platform. */
interface TagOrder {
  /** `cp312-cp312`, `cp312-abi3`, … */
  readonly pairs: readonly string[];
  readonly platforms: readonly string[];
  /** `cp312-none`, `py312-none`, …, for the platform `any`. */
  readonly pure: readonly string[];
}

const SHORT_NAMES: Readonly<Record<string, string>> = {
  cpython: "cp",
  pypy: "pp",
  python: "py",
  ironpython: "ip",
  jython: "jy",
};

/** The ABIs of CPython's own, the closest first: `cp312`, `cp313t`, `cp311d` before `cp311`, `cp37m`. */
export function cpythonAbis({ python: [major, minor], isFreeThreaded, isDebug, os }: TagPlatform): readonly string[] {
  const name = `cp${major}${minor}${isFreeThreaded ? "t" : ""}`;
  const debug = isDebug === true ? "d" : "";
  // PEP 3149: allocator and width of characters were part of it, and a debug build took nothing but its own.
  if (isBefore([major, minor], [3, 8]))
    return [`${name}${debug}m${isBefore([major, minor], [3, 3]) && os === "linux" ? "u" : ""}`];
  return debug === "" ? [name] : [name + debug, name];
}

type Release = TagPlatform["python"];
const isBefore = ([major, minor]: Release, [otherMajor, otherMinor]: Release): boolean =>
  major < otherMajor || (major === otherMajor && minor < otherMinor);

function cpythonPairs(platform: TagPlatform): readonly string[] {
  const [major, minor] = platform.python;
  const interpreter = `cp${major}${minor}`;
  // PEP 703 and 803: free-threaded builds have a stable ABI of their own. PEP 384: there is none before 3.2.
  const stable = platform.isFreeThreaded ? "abi3t" : "abi3";
  const isStable = !isBefore(platform.python, [3, 2]);
  const older = isStable ? Array.from({ length: minor - 2 }, (_, i) => `cp${major}${minor - 1 - i}-${stable}`) : [];
  const abis = [...cpythonAbis(platform), ...(isStable ? [stable] : []), "none"];
  return [...abis.map((abi) => `${interpreter}-${abi}`), ...older];
}

function tagOrder(platform: TagPlatform): TagOrder {
  const [major, minor] = platform.python;
  const name = SHORT_NAMES[platform.implementation] ?? platform.implementation;
  const interpreter = `${name}${major}${minor}`;
  const own =
    name === "cp"
      ? cpythonPairs(platform)
      : [platform.abi, "none"].flatMap((abi) => (abi === undefined ? [] : [`${interpreter}-${abi}`]));
  const generic = [`py${major}${minor}-none`, `py${major}-none`];
  for (let older = minor - 1; older >= 0; older--) generic.push(`py${major}${older}-none`);
  const pureOwn = name === "cp" ? [`${interpreter}-none`] : name === "pp" ? [`pp${major}-none`] : [];
  return { pairs: [...own, ...generic], platforms: platformTags(platform), pure: [...pureOwn, ...generic] };
}

/** All tags an interpreter accepts, best first, as `python-abi-platform` (PEP 425 and the PEPs of the platforms). */
export function compatibleTags(platform: TagPlatform): readonly string[] {
  const { pairs, platforms, pure } = tagOrder(platform);
  return pairs.flatMap((pair) => platforms.map((one) => `${pair}-${one}`)).concat(pure.map((pair) => `${pair}-any`));
}

const MOST_KNOWN = 50_000;

const indexOf = (list: readonly string[]): ReadonlyMap<string, number> => new Map(list.map((item, i) => [item, i]));

/**
 * A function that rates the compressed tags of a wheel's name (`py2.py3-none-any`) for an interpreter: 0 when the wheel
 * does not fit, otherwise the higher the better. Tags are compared in lower case. The function remembers its answers.
 */
export const tagScorer = (platform: TagPlatform): ((compressedTags: string) => number) =>
  scorerOf(JSON.stringify(platform));

/** A command asks several times, for one interpreter as a rule, and a process may run many commands. */
const scorerOf = cachedByText((platform) => newScorer(JSON.parse(platform) as TagPlatform));

function newScorer(platform: TagPlatform): (compressedTags: string) => number {
  const order = tagOrder(platform);
  const pairs = indexOf(order.pairs);
  const platforms = indexOf(order.platforms);
  const pure = indexOf(order.pure);
  const width = order.platforms.length;
  const worst = order.pairs.length * width + order.pure.length;
  const known = new Map<string, number>();

  const rank = (tags: string): number => {
    const [pythons, abis, names] = tags.toLowerCase().split("-");
    if (pythons === undefined || abis === undefined || names === undefined) return worst;
    let place = width;
    let isPure = false;
    for (const name of names.split(".")) {
      place = Math.min(place, platforms.get(name) ?? width);
      isPure ||= name === "any";
    }
    if (place === width && !isPure) return worst;
    let best = worst;
    for (const python of pythons.split(".")) {
      for (const abi of abis.split(".")) {
        const pair = `${python}-${abi}`;
        const own = place === width ? undefined : pairs.get(pair);
        const any = isPure ? pure.get(pair) : undefined;
        if (own !== undefined) best = Math.min(best, own * width + place);
        if (any !== undefined) best = Math.min(best, order.pairs.length * width + any);
      }
    }
    return best;
  };

  return (tags) => {
    let score = known.get(tags);
    if (score === undefined) {
      score = worst - rank(tags);
      if (known.size >= MOST_KNOWN) known.clear();
      known.set(tags, score);
    }
    return score;
  };
}

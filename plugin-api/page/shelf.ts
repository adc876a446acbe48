import type { DistributionFile } from "../model/distribution.ts";
import type { PackageName } from "../model/requirement.ts";
import { normalizeName } from "../python/package-name.ts";
import { archiveKind } from "./archive-links.ts";

/** The archives of one place, arranged so that those of a package are found without reading every name again. */
export interface Shelf {
  /** Equal for places that list the same; undefined where that is not known without a request. */
  readonly identity: string | undefined;
  filesOf(name: PackageName): readonly DistributionFile[];
}

interface Entry<T> {
  readonly value: T;
  /** Its place among all. */
  readonly at: number;
  /** A wheel's name; a source archive's whole file name, where name and version can't be told apart yet. */
  readonly stem: string;
}

/** Arranges wheels by their names, and other archives by the first word of theirs, which is all that is sure before a package is asked for. */
export function shelve<T>(
  values: readonly T[],
  filenameOf: (value: T) => string,
  fileOf: (value: T) => DistributionFile,
): Pick<Shelf, "filesOf"> {
  const wheels = new Map<string, Entry<T>[]>();
  const others = new Map<string, Entry<T>[]>();
  for (const [at, value] of values.entries()) {
    const filename = filenameOf(value);
    const kind = archiveKind(filename);
    if (kind === undefined) continue;
    const isWheel = kind === "wheel";
    const stem = normalizeName(isWheel ? (filename.split("-", 1)[0] as string) : filename);
    const [among, key] = isWheel ? [wheels, stem] : [others, firstWord(stem)];
    const neighbours = among.get(key);
    if (neighbours) neighbours.push({ value, at, stem });
    else among.set(key, [{ value, at, stem }]);
  }
  return {
    filesOf(name) {
      const own = wheels.get(name) ?? [];
      const more = (others.get(firstWord(name)) ?? []).filter(({ stem }) => isOf(stem, name));
      const all = more.length === 0 ? own : [...own, ...more].sort((a, b) => a.at - b.at);
      return all.map(({ value }) => fileOf(value));
    },
  };
}

const firstWord = (name: string): string => name.split("-", 1)[0] as string;

const isOf = (stem: string, name: PackageName): boolean =>
  stem.startsWith(`${name}-`) && /^v?\d/.test(stem.slice(name.length + 1));

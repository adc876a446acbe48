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
  /** A wheel's name; a source archive's whole file name, where name and version can't be told apart yet. */
  readonly stem: string;
  readonly isWheel: boolean;
}

/** Arranges archives by the first word of their names, which is all that is sure before a package is asked for. */
export function shelve<T>(
  values: readonly T[],
  filenameOf: (value: T) => string,
  fileOf: (value: T) => DistributionFile,
): Pick<Shelf, "filesOf"> {
  const byFirstWord = new Map<string, Entry<T>[]>();
  for (const value of values) {
    const filename = filenameOf(value);
    const kind = archiveKind(filename);
    if (kind === undefined) continue;
    const isWheel = kind === "wheel";
    const stem = normalizeName(isWheel ? (filename.split("-", 1)[0] as string) : filename);
    const entry = { value, stem, isWheel };
    const neighbours = byFirstWord.get(firstWord(stem));
    if (neighbours) neighbours.push(entry);
    else byFirstWord.set(firstWord(stem), [entry]);
  }
  return {
    filesOf: (name) =>
      (byFirstWord.get(firstWord(name)) ?? []).flatMap((entry) => (isOf(entry, name) ? [fileOf(entry.value)] : [])),
  };
}

const firstWord = (name: string): string => name.split("-", 1)[0] as string;

const isOf = ({ stem, isWheel }: Entry<unknown>, name: PackageName): boolean =>
  isWheel ? stem === name : stem.startsWith(`${name}-`) && /^v?\d/.test(stem.slice(name.length + 1));

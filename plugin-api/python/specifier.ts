import { InvalidSyntax } from "../error.ts";
import { complementRange, EVERY_KEY, intersectRanges, type KeyRange, NO_KEY, rangeHas } from "./key-range.ts";
import { cachedByText } from "./text-cache.ts";
import { parseVersion } from "./version.ts";
import {
  BEYOND_KEYS,
  isPrereleaseKey,
  keyAfterLocals,
  keyAfterPosts,
  LOWEST_KEY,
  nextNumber,
  partsKey,
  startOfRelease,
  type VersionParts,
  versionKey,
  versionParts,
} from "./version-key.ts";
import { stripWhiteSpace, WHITE_SPACE } from "./white-space.ts";

/** A comparison operator of version specifiers (PEP 440). */
export type Operator = "===" | "~=" | "==" | "!=" | "<=" | ">=" | "<" | ">";

/** One clause of a specifier: `>=1.2`. */
export interface Clause {
  readonly operator: Operator;
  /** As written, without surrounding blanks; may end in `.*` after `==` and `!=`. */
  readonly version: string;
}

/** A set of version clauses that must all hold (PEP 440). */
export interface Specifier {
  /** Distinct clauses without blanks, sorted, joined by commas: one text for all spellings of the list. Empty: any version. */
  readonly text: string;
  /** All clauses, sorted by their text. */
  readonly clauses: readonly Clause[];
  /** Keys of the admitted versions, pre-releases included: `[low, high)` pairs, ascending. */
  readonly bounds: KeyRange;
  /** Versions of `===` clauses, lower case. A version must equal all of them as text, besides being within the bounds. */
  readonly exactTexts?: readonly string[];
  /** A clause other than `!=` names a pre-release, which asks for pre-releases. */
  readonly namesPrerelease: boolean;
  /** A clause is `===`, or `==` without `.*`: the kind of demand that may take a yanked release (PEP 592). */
  readonly isPinned: boolean;
}

const CLAUSE = /^(===|~=|==|!=|<=|>=|<|>)([^]*)$/;

const invalid = (text: string): InvalidSyntax => new InvalidSyntax(`\`${text}\` is not a valid version specifier`);

function readClause(text: string): Specifier {
  const match = CLAUSE.exec(stripWhiteSpace(text));
  if (match === null) throw invalid(text);
  const operator = match[1] as Operator;
  const version = stripWhiteSpace(match[2]!);
  const isPrefix = version.endsWith(".*") && operator !== "===";
  const read =
    operator === "===" ? readExact(version) : isPrefix ? readPrefix(operator, version) : readBound(operator, version);
  if (read === undefined) throw invalid(text);
  return Object.freeze({
    text: operator + version,
    clauses: [Object.freeze({ operator, version })],
    isPinned: operator === "===" || (operator === "==" && !isPrefix),
    ...read,
  });
}

type Reading = Pick<Specifier, "bounds" | "namesPrerelease" | "exactTexts"> | undefined;

function readBound(operator: Operator, version: string): Reading {
  const parts = versionParts(version);
  if (parts === undefined) return undefined;
  if (parts.local !== undefined && operator !== "==" && operator !== "!=") return undefined;
  if (operator === "~=" && parts.release.length < 2) return undefined;
  const namesPrerelease = operator !== "!=" && (parts.pre !== undefined || parts.dev !== undefined);
  return { bounds: clauseRange(operator, parts), namesPrerelease };
}

const NOT_EXACT = new RegExp(`[${WHITE_SPACE};)]`);

function readExact(version: string): Reading {
  if (NOT_EXACT.test(version)) return undefined;
  const key = versionKey(version);
  return {
    bounds: key === undefined ? NO_KEY : [key, `${key}\0`],
    exactTexts: [version.toLowerCase()],
    namesPrerelease: key !== undefined && isPrereleaseKey(key),
  };
}

function readPrefix(operator: Operator, version: string): Reading {
  const base = version.slice(0, -2);
  const parts = stripWhiteSpace(base) === base ? versionParts(base) : undefined;
  if (parts === undefined || (operator !== "==" && operator !== "!=")) return undefined;
  if (parts.pre ?? parts.post ?? parts.dev ?? parts.local) return undefined;
  const range = prefixRange(parts.epoch, parts.release);
  return { bounds: operator === "==" ? range : complementRange(range), namesPrerelease: false };
}

function prefixRange(epoch: string, release: readonly string[]): KeyRange {
  const next = [...release.slice(0, -1), nextNumber(release.at(-1)!)];
  return [startOfRelease(epoch, release), startOfRelease(epoch, next)];
}

function clauseRange(operator: Operator, parts: VersionParts): KeyRange {
  const key = partsKey(parts);
  const { dev, post, pre } = parts;
  switch (operator) {
    case "==":
      return [key, parts.local === undefined ? keyAfterLocals(parts) : `${key}\0`];
    case "!=":
      return complementRange(clauseRange("==", parts));
    case ">=":
      return [key, BEYOND_KEYS];
    case "<=":
      return [LOWEST_KEY, keyAfterLocals(parts)];
    case ">":
      return [post === undefined && dev === undefined ? keyAfterPosts(parts) : keyAfterLocals(parts), BEYOND_KEYS];
    case "<": {
      const high = pre === undefined && dev === undefined ? partsKey({ ...parts, dev: "0" }) : key;
      return high === LOWEST_KEY ? NO_KEY : [LOWEST_KEY, high];
    }
    default:
      return intersectRanges([key, BEYOND_KEYS], prefixRange(parts.epoch, parts.release.slice(0, -1)));
  }
}

/** Reads a single clause such as `>=1.2`; neither the empty text nor a list. Throws InvalidSyntax. Remembered per text. */
export const parseClause: (text: string) => Specifier = cachedByText(readClause);

const ANY: Specifier = Object.freeze({
  text: "",
  clauses: [],
  bounds: EVERY_KEY,
  namesPrerelease: false,
  isPinned: false,
});

function joinClauses(text: string): Specifier {
  const parts = text.split(",").map(stripWhiteSpace).filter(Boolean).map(parseClause);
  parts.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
  if (parts.length < 2) return parts[0] ?? ANY;
  const exactTexts = parts.flatMap((part) => part.exactTexts ?? []);
  return Object.freeze({
    text: distinct(parts).join(","),
    clauses: parts.flatMap((part) => part.clauses),
    bounds: parts.reduce<KeyRange>((bounds, part) => intersectRanges(bounds, part.bounds), EVERY_KEY),
    ...(exactTexts.length > 0 && { exactTexts }),
    namesPrerelease: parts.some((part) => part.namesPrerelease),
    isPinned: parts.some((part) => part.isPinned),
  });
}

/** Texts of the clauses, of those that say the same the first. */
function distinct(parts: readonly Specifier[]): readonly string[] {
  const byMeaning = new Map<string, string>();
  for (const { text, clauses } of parts) {
    const meaning = clauses.map(meaningOf).join();
    if (!byMeaning.has(meaning)) byMeaning.set(meaning, text);
  }
  return [...byMeaning.values()];
}

function meaningOf({ operator, version }: Clause): string {
  if (operator === "===" || version.endsWith(".*")) return operator + version;
  // `~=1.0` and `~=1.0.0` differ, other clauses don't mind trailing zeros.
  return operator + (operator === "~=" ? parseVersion(version).normalized : versionKey(version));
}

/**
 * Reads a comma-separated list of version clauses (PEP 440); the empty list admits every version. Throws InvalidSyntax
 * that quotes the clause at fault. Remembered per text.
 */
export const parseSpecifier: (text: string) => Specifier = cachedByText(joinClauses);

/** Whether the bounds hold the key, pre-releases included. With `exactTexts` the version's text must be compared as well. */
export const containsKey = (specifier: Specifier, key: string): boolean => rangeHas(specifier.bounds, key);

/**
 * Whether the specifier admits a version, given as text. Pre-releases are admitted unless `prereleases` is false. A text
 * that is no version is admitted only by the empty specifier and by an equal `===` clause.
 */
export function satisfies(specifier: Specifier, version: string, options: { prereleases?: boolean } = {}): boolean {
  const key = versionKey(version);
  if (key !== undefined && options.prereleases === false && isPrereleaseKey(key)) return false;
  const { exactTexts, clauses } = specifier;
  if (exactTexts !== undefined) {
    const lower = version.toLowerCase();
    if (exactTexts.some((text) => text !== lower)) return false;
  }
  if (key === undefined) return clauses.length === (exactTexts?.length ?? 0);
  return rangeHas(specifier.bounds, key);
}

/**
 * Those of the versions that the specifier admits, in their order. Without `prereleases`, pre-releases are admitted if the
 * specifier names one or if no final version remains (PEP 440, "Handling of pre-releases").
 */
export function filterVersions(
  specifier: Specifier,
  versions: readonly string[],
  options: { prereleases?: boolean } = {},
): readonly string[] {
  const admitted = versions.filter((version) => satisfies(specifier, version));
  if (options.prereleases ?? specifier.namesPrerelease) return admitted;
  const final = admitted.filter((version) => !isPrereleaseKey(versionKey(version) ?? ""));
  return options.prereleases === undefined && final.length === 0 ? admitted : final;
}

import { InvalidSyntax } from "../error.ts";
import type { Extra, Requirement } from "../model/requirement.ts";
import { parseMarker } from "./marker.ts";
import { normalizeName } from "./package-name.ts";
import { parseSpecifier } from "./specifier.ts";
import { cachedByText } from "./text-cache.ts";
import { WHITE_SPACE } from "./white-space.ts";

/** A requirement with its names as written; `Requirement` has the same shape with normal names. */
export interface WrittenRequirement {
  readonly name: string;
  /** Distinct, sorted. */
  readonly extras: readonly string[];
  /** Sorted clauses without blanks; empty for any version. */
  readonly specifier: string;
  /** Canonical text; empty when it always applies. */
  readonly marker: string;
  readonly url?: string;
}

const HEAD = /[ \t]*([a-zA-Z0-9][a-zA-Z0-9._-]*\b)[ \t]*/y;
const EXTRA = /[ \t]*([a-zA-Z0-9][a-zA-Z0-9._-]*\b)[ \t]*(,?)/y;
const URL_PART = /@[ \t]*([^ \t]+)(?:[ \t]+|$)/y;
const VERSION_PART = new RegExp(
  String.raw`[ \t]*(===[${WHITE_SPACE}]*[^${WHITE_SPACE};)]*|(?:~=|==|!=|<=|>=|<|>)[${WHITE_SPACE}]*v?(?:\d+!)?\d+(?:\.\d+)*(?:\.\*|(?:[._-]?(?:alpha|beta|preview|pre|a|b|c|rc)[._-]?\d*)?(?:-\d+|[._-]?(?:post|rev|r)[._-]?\d*)?(?:[._-]?dev[._-]?\d*)?(?:\+[a-z0-9]+(?:[._-][a-z0-9]+)*)?))[ \t]*(,?)`,
  "iy",
);
const BLANKS = /[ \t]*/y;

const matchAt = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at;
  return pattern.exec(text);
};

const afterBlanks = (text: string, at: number): number => at + matchAt(BLANKS, text, at)![0].length;

function readExtras(text: string, start: number): readonly [extras: readonly string[], at: number] {
  if (text[start] !== "[") return [[], start];
  const extras = new Set<string>();
  let at = start + 1;
  for (let hasMore = true; hasMore; ) {
    const match = matchAt(EXTRA, text, at);
    if (match === null && extras.size > 0) throw new InvalidSyntax("expected the name of an extra after the comma", at);
    if (match === null) break;
    extras.add(match[1]!);
    at += match[0].length;
    hasMore = match[2] !== "";
  }
  at = afterBlanks(text, at);
  if (text[at] !== "]") throw new InvalidSyntax("expected a comma or `]` in the list of extras", at);
  return [[...extras].sort(), afterBlanks(text, at + 1)];
}

function readVersions(text: string, start: number): readonly [specifier: string, at: number] {
  const isParenthesized = text[start] === "(";
  let at = isParenthesized ? start + 1 : start;
  let list = "";
  for (let match = matchAt(VERSION_PART, text, at); match !== null; match = matchAt(VERSION_PART, text, at)) {
    list += match[1]! + match[2]!;
    at += match[0].length;
    if (match[2] === "") break;
  }
  at = afterBlanks(text, at);
  if (isParenthesized && text[at] !== ")") throw new InvalidSyntax("expected a version clause or `)`", at);
  return [specifierAt(list, start), isParenthesized ? afterBlanks(text, at + 1) : at];
}

function markerAt(text: string, position: number): string {
  try {
    return parseMarker(text.slice(position)).text;
  } catch (cause) {
    throw cause instanceof InvalidSyntax ? new InvalidSyntax(cause.message, position + (cause.position ?? 0)) : cause;
  }
}

function specifierAt(list: string, position: number): string {
  try {
    return parseSpecifier(list).text;
  } catch (cause) {
    throw cause instanceof InvalidSyntax ? new InvalidSyntax(cause.message, position) : cause;
  }
}

function readWritten(text: string): WrittenRequirement {
  const head = matchAt(HEAD, text, 0);
  if (head === null) throw new InvalidSyntax("expected a package name", 0);
  const [extras, afterExtras] = readExtras(text, head[0].length);
  const url = matchAt(URL_PART, text, afterExtras);
  if (url === null && text[afterExtras] === "@") throw new InvalidSyntax("expected a URL after `@`", afterExtras + 1);
  const [specifier, end] = url === null ? readVersions(text, afterExtras) : ["", afterExtras + url[0].length];
  if (end < text.length && text[end] !== ";") throw new InvalidSyntax(unexpected(text, end), end);
  const marker = end < text.length ? markerAt(text, end + 1) : "";
  return Object.freeze({ name: head[1]!, extras, specifier, marker, ...(url !== null && { url: url[1]! }) });
}

const unexpected = (text: string, at: number): string => {
  const rest = text.slice(at, at + 20).trim();
  return rest === "" ? "unexpected white space at the end" : `unexpected \`${rest}\``;
};

/** Reads a dependency specifier and keeps its names as written (PEP 508). Throws InvalidSyntax with the position. */
export function parseWrittenRequirement(text: string): WrittenRequirement {
  try {
    return readWritten(text);
  } catch (cause) {
    if (!(cause instanceof InvalidSyntax)) throw cause;
    throw new InvalidSyntax(`\`${text}\` is not a valid requirement: ${cause.message}`, cause.position);
  }
}

function readRequirement(text: string): Requirement {
  const written = parseWrittenRequirement(text);
  const extras = new Set(written.extras.map(normalizeName) as string[] as Extra[]);
  return Object.freeze({ ...written, name: normalizeName(written.name), extras: [...extras].sort() });
}

/**
 * Reads a dependency specifier (PEP 508): name, extras, versions (also in parentheses) or URL, marker. Throws InvalidSyntax
 * with the position. Remembered per text.
 */
export const parseRequirement: (text: string) => Requirement = cachedByText(readRequirement);

/** Writes a requirement so that `parseRequirement` reads the same back: `a[x]>=1; python_version < "3.9"`. */
export function formatRequirement(requirement: Requirement | WrittenRequirement): string {
  const { name, extras, specifier, marker, url } = requirement;
  const subject = extras.length === 0 ? name : `${name}[${extras.join(",")}]`;
  const wanted = url === undefined ? specifier : ` @ ${url}`;
  // A URL ends at a blank only, so its marker needs one before the semicolon.
  const separator = url === undefined ? "; " : " ; ";
  return subject + wanted + (marker === "" ? "" : separator + marker);
}

import { InvalidSyntax } from "../../plugin-api/error.ts";
import { parseSpecifier } from "../../plugin-api/python/specifier.ts";

/**
 * Poetry's version constraint as a specifier (PEP 440): `^1.2` is `>=1.2,<2`. Empty for any version; undefined for what no specifier
 * says, such as `^1 || ^3`. Pure.
 */
export function specifierOf(constraint: string): string | undefined {
  const parts = constraint.split(/\|\|?/).map((part) => clausesOf(part.trim()));
  if (parts.some((part) => part === undefined)) return undefined;
  return union(parts as readonly (readonly string[])[])?.join(",");
}

const OPERATOR = /^(\^|~=|~|===|==|!=|<=|>=|<|>|=)?\s*v?(.+)$/;

/** Clauses that all have to hold; none for any version. */
function clausesOf(text: string): readonly string[] | undefined {
  if (text === "" || text === "*") return [];
  const clauses: string[] = [];
  for (const word of text.replace(/([\^~<>=!]=?=?)\s+/g, "$1").split(/[\s,]+/)) {
    const made = word === "" || word === "*" ? [] : clause(word);
    if (made === undefined) return undefined;
    clauses.push(...made);
  }
  return isSpecifier(clauses.join(",")) ? clauses : undefined;
}

function clause(word: string): readonly string[] | undefined {
  const [, operator = "", version = ""] = OPERATOR.exec(word) ?? [];
  const release = releaseOf(version);
  switch (operator) {
    case "^":
      return release && [`>=${version}`, `<${above(release, caretPlace(release))}`];
    case "~":
      return release && [`>=${version}`, `<${above(release, Math.min(release.length - 1, 1))}`];
    case "=":
    case "":
      return [`==${version}`];
    default:
      return [operator + version];
  }
}

const releaseOf = (version: string): readonly number[] | undefined =>
  /^\d+(?:\.\d+)*(?!.*\*)/.exec(version)?.[0].split(".").map(Number);

/** The first part that is not zero; of nothing but zeros the last one. */
function caretPlace(release: readonly number[]): number {
  const place = release.findIndex((part) => part !== 0);
  return place < 0 ? release.length - 1 : place;
}

const above = (release: readonly number[], place: number): string =>
  [...release.slice(0, place), (release[place] as number) + 1].join(".");

function isSpecifier(text: string): boolean {
  try {
    parseSpecifier(text);
    return true;
  } catch (error) {
    if (error instanceof InvalidSyntax) return false;
    throw error;
  }
}

/** Ranges that follow on each other are one: `^1 || ^2` is `>=1,<3`. */
function union(parts: readonly (readonly string[])[]): readonly string[] | undefined {
  const [first = [], ...others] = parts;
  if (others.length === 0 || parts.some((part) => part.length === 0))
    return parts.some((part) => part.length === 0) ? [] : first;
  let whole = first;
  for (const next of others) {
    const [low, high] = [whole.find((each) => each.startsWith(">=")), whole.find((each) => /^<\d/.test(each))];
    const [from, to] = [next.find((each) => each.startsWith(">=")), next.find((each) => /^<\d/.test(each))];
    const isRange = whole.length === 2 && next.length === (to === undefined ? 1 : 2);
    if (!isRange || !low || !high || !from || trimmed(high.slice(1)) !== trimmed(from.slice(2))) return undefined;
    whole = [low, ...(to === undefined ? [] : [to])];
  }
  return whole;
}

const trimmed = (version: string): string => version.replace(/(?:\.0)+$/, "");

/** A marker for the Pythons that a constraint names; empty for any, undefined for what is no constraint. Pure. */
export function pythonMarker(constraint: string): string | undefined {
  const parts = constraint.split(/\|\|?/).map((part) => clausesOf(part.trim()));
  if (parts.some((part) => part === undefined)) return undefined;
  if (parts.some((part) => part?.length === 0)) return "";
  const all = (parts as readonly (readonly string[])[]).map((part) => part.map(markerOf).join(" and "));
  return all.length === 1 ? all[0] : all.map((each) => (each.includes(" and ") ? `(${each})` : each)).join(" or ");
}

/** `python_version` knows two numbers only, and says of `3.8.1` that it is not more than `3.8`. */
function markerOf(text: string): string {
  const [, operator = "", version = ""] = /^([^\d]+)(.*)$/.exec(text) ?? [];
  const [, two, isWild] = /^(\d+\.\d+)(\.\*)?$/.exec(version) ?? [];
  if (two !== undefined && isWild !== undefined) return `python_version ${operator} '${two}'`;
  const isShort = /^\d+(?:\.\d+)?$/.test(version) && [">=", "<"].includes(operator);
  return `${isShort ? "python_version" : "python_full_version"} ${operator} '${version}'`;
}

/** A marker for the platforms that a constraint names, such as `darwin || linux` or `!=win32`. Pure. */
export const platformMarker = (constraint: string): string =>
  constraint
    .split(/\|\|?/)
    .map((part) => {
      const [, operator = "==", name = ""] = /^\s*(==|!=|=)?\s*(.*?)\s*$/.exec(part) ?? [];
      return `sys_platform ${operator === "=" ? "==" : operator} '${name}'`;
    })
    .join(" or ");

import { InvalidSyntax } from "../error.ts";
import type { KeyRange } from "./key-range.ts";
import { type Diagram, decide, EVERYWHERE, NOWHERE } from "./marker-diagram.ts";
import { sameAs } from "./marker-fact.ts";
import { join, negate } from "./marker-operations.ts";
import type { MarkerComparison, MarkerOperand } from "./marker-syntax.ts";
import { variableOf } from "./marker-truth.ts";
import { plainVariable, testVariable } from "./marker-variable.ts";
import { parseClause, type Specifier } from "./specifier.ts";
import { swappedRange } from "./swapped-range.ts";
import { BEYOND_KEYS, LOWEST_KEY, versionParts } from "./version-key.ts";
import { ceilingMinor, ceilingPoint } from "./version-point.ts";

type Ceiling = (key: string) => string;

/** The variables that are an interpreter's version, with the lowest point at or above a key. */
const CEILINGS: Readonly<Record<string, Ceiling>> = {
  // Both are about one version: `python_version` is major and minor of the full one.
  python_version: ceilingMinor,
  python_full_version: ceilingPoint,
  implementation_version: ceilingPoint,
};

/** The set of environments in which a version lies in a range of PEP 440. */
export function versionsIn(subject: string, range: KeyRange, ceiling: Ceiling = ceilingPoint): Diagram {
  const ends: string[] = [];
  for (let i = 0; i < range.length; i += 2) {
    const low = ceiling(range[i]!);
    const high = ceiling(range[i + 1]!);
    if (low === high) continue;
    if (ends.at(-1) === low) ends[ends.length - 1] = high;
    else ends.push(low, high);
  }
  let inside = ends[0] === LOWEST_KEY;
  const points = inside ? ends.slice(1) : ends;
  if (points.at(-1) === BEYOND_KEYS) points.pop();
  const children = [inside ? EVERYWHERE : NOWHERE];
  for (let i = 0; i < points.length; i++) {
    inside = !inside;
    children.push(inside ? EVERYWHERE : NOWHERE);
  }
  const variable = subject === "python_version" ? "python_full_version" : subject;
  return decide(plainVariable("version", variable), points, children);
}

/**
 * The environments in which a comparison holds. Undefined when it has no meaning in any (`sys_platform ~= "x"`), which
 * makes the marker around it hold nowhere.
 */
export function comparisonSet(comparison: MarkerComparison): Diagram | undefined {
  const { operator } = comparison;
  const subject = variableOf(comparison);
  if (subject === undefined) return undefined;
  if (operator === "in" || operator === "not in") return membershipSet(comparison, subject);
  if (subject === "platform_release" && isReleaseClause(comparison)) return testSet(comparison);
  const ceiling = CEILINGS[subject];
  return ceiling === undefined ? textSet(comparison, subject) : versionSet(comparison, subject, ceiling);
}

const testSet = (comparison: MarkerComparison): Diagram =>
  decide(testVariable(comparison), [""], [EVERYWHERE, NOWHERE]);

/** A release of an operating system often is no version. Then comparisons as versions are all false, also those that are opposites. */
const isReleaseClause = ({ left, operator, right }: MarkerComparison): boolean =>
  !left.isVariable || clauseOf(operator + right.text) !== undefined;

function membershipSet(comparison: MarkerComparison, subject: string): Diagram | undefined {
  const { left, right } = comparison;
  if (isNames(subject) && left.isVariable) return undefined;
  const inside =
    subject === "python_version" && left.isVariable ? minorsIn(right.text) : testSet({ ...comparison, operator: "in" });
  return comparison.operator === "in" ? inside : negate(inside);
}

function textSet({ left, operator, right }: MarkerComparison, subject: string): Diagram | undefined {
  switch (operator) {
    case "==":
    case "<=":
    case ">=":
      return equalSet(subject, left, right);
    case "!=": {
      const equal = equalSet(subject, left, right);
      return equal && negate(equal);
    }
    case "<":
    case ">":
      return isNames(subject) && left.isVariable ? undefined : NOWHERE;
    default:
      return undefined;
  }
}

/** Where the variable is this text, which for a set of names is never so. */
function equalSet(subject: string, left: MarkerOperand, right: MarkerOperand): Diagram | undefined {
  if (isNames(subject)) return left.isVariable ? undefined : NOWHERE;
  const literal = left.isVariable ? right.text : left.text;
  if (subject === "extra" || subject === "platform_release") {
    const operand = { isVariable: true, text: subject };
    return testSet({ kind: "compare", left: operand, operator: "==", right: { isVariable: false, text: literal } });
  }
  const [variable, text] = sameAs(subject, literal);
  return decide(plainVariable("text", variable), [text], [EVERYWHERE, NOWHERE]);
}

const isNames = (subject: string): boolean => subject === "extras" || subject === "dependency_groups";

function versionSet(comparison: MarkerComparison, subject: string, ceiling: Ceiling): Diagram | undefined {
  const { left, operator, right } = comparison;
  if (!left.isVariable) return swappedVersionSet(comparison, subject, ceiling);
  const clause = clauseOf(operator + right.text);
  if (clause !== undefined) return clauseSet(clause, subject, ceiling);
  // The reference compares as texts then, and versions of interpreters never equal a text that is none.
  if (operator === "~=" || operator === "===") return undefined;
  return operator === "!=" ? EVERYWHERE : NOWHERE;
}

/** How interpreters write their version. */
const MINOR = /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)$/;
const FULL = /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:(?:a|b|rc)(?:0|[1-9]\d*))?$/;

function clauseSet(clause: Specifier, subject: string, ceiling: Ceiling): Diagram {
  const [exact] = clause.exactTexts ?? [];
  if (exact === undefined) return versionsIn(subject, clause.bounds, ceiling);
  // `===` compares texts, and an interpreter writes its version in one way only.
  if (!(subject === "python_version" ? MINOR : FULL).test(exact)) return NOWHERE;
  return versionsIn(subject, parseClause(`==${exact}`).bounds, ceiling);
}

function swappedVersionSet(comparison: MarkerComparison, subject: string, ceiling: Ceiling): Diagram | undefined {
  const { operator, left } = comparison;
  const parts = versionParts(left.text);
  if (parts === undefined) return NOWHERE;
  const range = swappedRange(operator, parts, subject === "python_version" ? 1 : 2);
  return range === undefined
    ? clauseSet(parseClause(operator + left.text), subject, ceiling)
    : versionsIn(subject, range, ceiling);
}

function clauseOf(text: string): Specifier | undefined {
  try {
    return parseClause(text);
  } catch (error) {
    if (error instanceof InvalidSyntax) return undefined;
    throw error;
  }
}

/** Where `python_version` is a part of the text, as in `python_version in "3.8 3.9"`. It is a part of `"3.10"` for 3.1, too. */
function minorsIn(text: string): Diagram {
  const versions = new Set<string>();
  // Longer numbers are not those of a Python, and a hostile text could hold many.
  for (const match of text.matchAll(/(?<=(\d{1,4}))\.(?=(\d{1,4}))/g)) {
    const [, before = "", after = ""] = match;
    for (let start = 0; start < before.length; start++) {
      for (let end = 1; end <= after.length; end++) versions.add(`${before.slice(start)}.${after.slice(0, end)}`);
    }
  }
  let set = NOWHERE;
  for (const version of versions) {
    if (MINOR.test(version))
      set = join(set, versionsIn("python_version", parseClause(`==${version}`).bounds, ceilingMinor));
  }
  return set;
}

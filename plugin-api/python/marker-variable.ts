import { formatExpression, type MarkerComparison } from "./marker-syntax.ts";
import { compare, TRUE, variableOf } from "./marker-truth.ts";

/** What a decision of a marker's diagram is about. Interned: equal variables are the same object. */
export interface DecisionVariable {
  /**
   * `version`: a marker variable, decided by where a version lies; `text`: a marker variable, decided by its text;
   * `test`: a question about a marker variable, decided by yes or no.
   */
  readonly kind: "version" | "text" | "test";
  /** The marker variable (PEP 508). */
  readonly subject: string;
  /** Of a test: the comparison of which it is the truth. */
  readonly comparison?: MarkerComparison;
  /** Place in every diagram; variables of equal rank go by `key`. */
  readonly rank: number;
  readonly key: string;
  /** One bit for each marker variable. */
  readonly subjectBit: number;
  /** The bits of all marker variables of which one may tell of this one. */
  readonly kinBits: number;
}

/**
 * Marker variables in the order in which diagrams decide them and texts name them. Those that others follow from come
 * first: the diagram under `sys_platform == 'win32'` never asks for `os_name`.
 */
const SUBJECTS = [
  "python_full_version",
  "platform_python_implementation",
  "implementation_name",
  "implementation_version",
  "sys_platform",
  "platform_system",
  "os_name",
  "platform_machine",
  "platform_release",
  "platform_version",
  "python_version",
  "extra",
  "extras",
  "dependency_groups",
];

const known = new Map<string, DecisionVariable>();

/** Bit of a marker variable in a set of them. */
export const subjectBit = (subject: string): number => 1 << SUBJECTS.indexOf(subject);

/** The bits of what a requirement's owner, not the environment, decides. */
export const EXTRA_BITS = subjectBit("extra") | subjectBit("extras") | subjectBit("dependency_groups");

/** Comes after all others: the variable of the two diagrams that decide nothing. */
export const NO_VARIABLE: DecisionVariable = Object.freeze({
  kind: "test",
  subject: "",
  rank: Number.POSITIVE_INFINITY,
  key: "",
  subjectBit: 0,
  kinBits: 0,
});

/** Variables of one line follow from each other in part (marker-fact.ts, marker-leaf.ts); all others say nothing of each other. */
const KIN: readonly (readonly string[])[] = [
  ["python_full_version", "python_version"],
  ["platform_python_implementation", "implementation_name", "implementation_version"],
  ["sys_platform", "platform_system", "os_name"],
];
const kinOf = (subject: string): number =>
  (KIN.find((line) => line.includes(subject)) ?? [subject]).reduce((bits, each) => bits | subjectBit(each), 0);

/** A variable that is decided by its version or text. */
export const plainVariable = (kind: "version" | "text", subject: string): DecisionVariable =>
  known.get(subject) ?? keep({ kind, subject, key: subject, rank: SUBJECTS.indexOf(subject) });

/** A question about a marker variable. */
export function testVariable(comparison: MarkerComparison): DecisionVariable {
  const key = formatExpression(comparison);
  const subject = variableOf(comparison)!;
  const rank = SUBJECTS.length + SUBJECTS.indexOf(subject);
  return known.get(key) ?? keep({ kind: "test", subject, comparison, key, rank });
}

function keep(parts: Omit<DecisionVariable, "subjectBit" | "kinBits">): DecisionVariable {
  const made = Object.freeze({ ...parts, subjectBit: subjectBit(parts.subject), kinBits: kinOf(parts.subject) });
  known.set(made.key, made);
  return made;
}

/** Order of variables in diagrams. */
export function compareVariables(a: DecisionVariable, b: DecisionVariable): number {
  if (a === b) return 0;
  return a.rank === b.rank ? (a.key < b.key ? -1 : 1) : a.rank - b.rank;
}

/** The answer to a test where its marker variable is this text, or has these names. */
export const answer = ({ comparison }: DecisionVariable, value: string | ReadonlySet<string>): boolean =>
  compare(comparison!, () => value) === TRUE;

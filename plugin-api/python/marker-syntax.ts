import { InvalidSyntax } from "../error.ts";
import { formatLiteral, readLiteral } from "./marker-literal.ts";
import { normalizeName } from "./package-name.ts";

/** One comparison of a marker: a variable and a literal, in either order. */
export interface MarkerComparison {
  readonly kind: "compare";
  readonly left: MarkerOperand;
  /** `==`, `in`, `not in`, … */
  readonly operator: string;
  readonly right: MarkerOperand;
}
export interface MarkerOperand {
  readonly isVariable: boolean;
  /** Name of the variable, with underscores, or the literal's text. Names of extras and groups are in normal form. */
  readonly text: string;
}
/** Expressions of which all (`and`) or at least one (`or`) must hold. */
export interface MarkerJunction {
  readonly kind: "and" | "or";
  readonly parts: readonly MarkerExpression[];
  /** Written in parentheses. Matters for the canonical text only. */
  readonly isGrouped: boolean;
}
/** The syntax tree of an environment marker (PEP 508). */
export type MarkerExpression = MarkerComparison | MarkerJunction;

const BLANKS = /[ \t]*/y;
const VARIABLE =
  /\b(?:python_version|python_full_version|os[._]name|sys[._]platform|platform_(?:release|system)|platform[._](?:version|machine|python_implementation)|python_implementation|implementation_(?:name|version)|extras?|dependency_groups)\b/y;
const LITERAL = /'([^']*)'|"([^"]*)"/y;
const OPERATOR = /===|==|~=|!=|<=|>=|<|>|\bin\b|\bnot\b(?:[ \t]+in\b)?/y;
const JUNCTION = /\b(?:and|or)\b/y;

/** Where a parser stands in its text. */
interface Cursor {
  readonly text: string;
  at: number;
  /** How many parentheses are open. */
  depth: number;
}

/** Nobody writes so many parentheses; a hostile marker could exhaust the stack. */
const DEEPEST = 200;

function take(cursor: Cursor, pattern: RegExp): RegExpExecArray | null {
  pattern.lastIndex = cursor.at;
  const match = pattern.exec(cursor.text);
  if (match !== null) cursor.at = pattern.lastIndex;
  return match;
}

function takeText(cursor: Cursor, text: string): boolean {
  const isThere = cursor.text.startsWith(text, cursor.at);
  if (isThere) cursor.at += text.length;
  return isThere;
}

/** Parses a marker (PEP 508). Throws InvalidSyntax with the position. */
export function readMarker(text: string): MarkerExpression {
  const cursor = { text, at: 0, depth: 0 };
  const expression = readOr(cursor, false);
  if (cursor.at < text.length) throw new InvalidSyntax("expected `and`, `or` or the end of the marker", cursor.at);
  return expression;
}

// The tree keeps the writer's parentheses but not the precedence of flat chains: `a and b or c` has no group.
function readOr(cursor: Cursor, isGrouped: boolean): MarkerExpression {
  const alternatives: MarkerExpression[] = [];
  let conjuncts = [readAtom(cursor)];
  for (let word = take(cursor, JUNCTION); word !== null; word = take(cursor, JUNCTION)) {
    if (word[0] === "or") {
      alternatives.push(joinParts("and", conjuncts));
      conjuncts = [];
    }
    conjuncts.push(readAtom(cursor));
  }
  alternatives.push(joinParts("and", conjuncts));
  const joined = joinParts("or", alternatives);
  return isGrouped && joined.kind !== "compare" ? { ...joined, isGrouped: true } : joined;
}

function joinParts(kind: "and" | "or", parts: readonly MarkerExpression[]): MarkerExpression {
  return parts.length === 1 ? parts[0]! : { kind, parts, isGrouped: false };
}

function readAtom(cursor: Cursor): MarkerExpression {
  take(cursor, BLANKS);
  const atom = takeText(cursor, "(") ? readGroup(cursor) : readComparison(cursor);
  take(cursor, BLANKS);
  return atom;
}

function readGroup(cursor: Cursor): MarkerExpression {
  const start = cursor.at - 1;
  if (++cursor.depth > DEEPEST) throw new InvalidSyntax("parentheses are nested too deeply", start);
  const group = readOr(cursor, true);
  cursor.depth--;
  if (!takeText(cursor, ")")) throw new InvalidSyntax("this parenthesis is never closed", start);
  return group;
}

function readComparison(cursor: Cursor): MarkerComparison {
  const left = readOperand(cursor);
  take(cursor, BLANKS);
  const operator = take(cursor, OPERATOR)?.[0].replace(/[ \t]+/, " ");
  if (operator === undefined || operator === "not") {
    throw new InvalidSyntax("expected one of <=, <, !=, ==, >=, >, ~=, ===, in, not in", cursor.at);
  }
  take(cursor, BLANKS);
  return normalizeNames({ kind: "compare", left, operator, right: readOperand(cursor) });
}

function readOperand(cursor: Cursor): MarkerOperand {
  const start = cursor.at;
  const variable = take(cursor, VARIABLE)?.[0].replace(".", "_");
  if (variable !== undefined) {
    return { isVariable: true, text: variable === "python_implementation" ? `platform_${variable}` : variable };
  }
  const literal = take(cursor, LITERAL);
  if (literal === null) throw new InvalidSyntax("expected a marker variable or a quoted text", start);
  const text = readLiteral(literal[1] ?? literal[2]!);
  if (text === undefined) throw new InvalidSyntax("this quoted text has a broken escape", start);
  return { isVariable: false, text };
}

// PEP 685 and 735: names are compared in normal form.
function normalizeNames(comparison: MarkerComparison): MarkerComparison {
  const { left, right } = comparison;
  if (left.isVariable && left.text === "extra" && !right.isVariable) {
    return { ...comparison, right: { isVariable: false, text: normalizeName(right.text) } };
  }
  const namesSet = right.isVariable && /^(?:extras?|dependency_groups)$/.test(right.text);
  return namesSet && !left.isVariable
    ? { ...comparison, left: { isVariable: false, text: normalizeName(left.text) } }
    : comparison;
}

const formatOperand = ({ isVariable, text }: MarkerOperand): string => (isVariable ? text : formatLiteral(text));

function formatPart(expression: MarkerExpression): string {
  if (expression.kind === "compare") {
    return `${formatOperand(expression.left)} ${expression.operator} ${formatOperand(expression.right)}`;
  }
  const text = expression.parts.map(formatPart).join(` ${expression.kind} `);
  return expression.isGrouped ? `(${text})` : text;
}

/** The marker's canonical text: double quotes, single blanks, no parentheses around the whole or around one comparison. */
export function formatExpression(expression: MarkerExpression): string {
  return formatPart(expression.kind === "compare" ? expression : { ...expression, isGrouped: false });
}

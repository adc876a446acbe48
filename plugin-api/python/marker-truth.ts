import type { MarkerComparison, MarkerExpression } from "./marker-syntax.ts";
import { parseClause, type Specifier, satisfies } from "./specifier.ts";

export const FALSE = 0;
export const TRUE = 1;
/** A comparison in the marker has no meaning, such as `~=` between texts. */
export const UNDEFINED = 2;
export type Truth = typeof FALSE | typeof TRUE | typeof UNDEFINED;

const truth = (holds: boolean): Truth => (holds ? TRUE : FALSE);

const VERSIONS = new Set(["implementation_version", "platform_release", "python_full_version", "python_version"]);

/** Looks up a marker variable: a text, a set of names (PEP 751), or undefined where there is none. */
export type MarkerValues = (variable: string) => string | ReadonlySet<string> | undefined;

/** The variable a comparison is about; undefined between two literals. Of two variables the left one, as in the reference. */
export function variableOf({ left, right }: MarkerComparison): string | undefined {
  if (left.isVariable) return left.text;
  return right.isVariable ? right.text : undefined;
}

/** Truth of a marker (PEP 508). Every comparison is evaluated, so that one without meaning is found wherever it stands. */
export function evaluate(expression: MarkerExpression, values: MarkerValues): Truth {
  if (expression.kind === "compare") return compare(expression, values);
  const neutral = truth(expression.kind === "and");
  let result: Truth = neutral;
  for (const part of expression.parts) {
    const value = evaluate(part, values);
    if (value === UNDEFINED) return UNDEFINED;
    if (value !== neutral) result = value;
  }
  return result;
}

/** Truth of one comparison: between versions where both sides are such, else between texts. */
export function compare(comparison: MarkerComparison, values: MarkerValues): Truth {
  const { left, operator, right } = comparison;
  const variable = variableOf(comparison);
  const value = variable === undefined ? undefined : values(variable);
  if (variable === undefined || value === undefined) return UNDEFINED;
  if (typeof value !== "string") return left.isVariable ? UNDEFINED : compareTexts(left.text, operator, value);
  const [subject, object] = left.isVariable ? [value, right.text] : [left.text, value];
  const isVersion = VERSIONS.has(variable) && operator !== "in" && operator !== "not in";
  const clause = isVersion ? clauseOf(operator + object) : undefined;
  return clause === undefined ? compareTexts(subject, operator, object) : truth(satisfies(clause, subject));
}

function clauseOf(text: string): Specifier | undefined {
  try {
    return parseClause(text);
  } catch {
    return undefined;
  }
}

function compareTexts(subject: string, operator: string, object: string | ReadonlySet<string>): Truth {
  switch (operator) {
    case "in":
    case "not in":
      return truth(
        (typeof object === "string" ? object.includes(subject) : object.has(subject)) === (operator === "in"),
      );
    case "==":
    case "<=":
    case ">=":
      return truth(subject === object);
    case "!=":
      return truth(subject !== object);
    case "<":
    case ">":
      return FALSE;
    default:
      return UNDEFINED;
  }
}

/** Whether a comparison has a meaning in every environment, so that it can be left out once the rest decides. */
export function alwaysHasMeaning(comparison: MarkerComparison): boolean {
  const variable = variableOf(comparison);
  if (variable === undefined || variable === "extras" || variable === "dependency_groups") return false;
  const { left, operator, right } = comparison;
  if (operator !== "~=" && operator !== "===") return true;
  return left.isVariable && VERSIONS.has(variable) && clauseOf(operator + right.text) !== undefined;
}

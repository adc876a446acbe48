import {
  formatExpression,
  type MarkerComparison,
  type MarkerExpression,
  type MarkerJunction,
} from "./marker-syntax.ts";
import { alwaysHasMeaning, compare, TRUE, UNDEFINED, variableOf } from "./marker-truth.ts";

/** The comparisons of a marker that are about `extra`. */
export function extraComparisons(expression: MarkerExpression): readonly MarkerComparison[] {
  if (expression.kind !== "compare") return expression.parts.flatMap(extraComparisons);
  return variableOf(expression) === "extra" ? [expression] : [];
}

/**
 * What remains of a marker once the extra is known ("" for none): true, false, or a marker that does not depend on an extra.
 * It holds in an environment exactly when the whole marker holds there for that extra.
 */
export function assumeExtra(expression: MarkerExpression, extra: string): MarkerExpression | boolean {
  // A comparison without meaning makes the whole marker undefined, so none may be dropped where there could be one.
  return isAlwaysDefined(expression) ? reduce(expression, extra) : substitute(expression, extra);
}

/** The same as text: empty when it always holds, undefined when it never does. */
export function remains(expression: MarkerExpression, extra: string): string | undefined {
  const rest = assumeExtra(expression, extra);
  if (typeof rest === "boolean") return rest ? "" : undefined;
  return formatExpression(rest);
}

function isAlwaysDefined(expression: MarkerExpression): boolean {
  return expression.kind === "compare" ? alwaysHasMeaning(expression) : expression.parts.every(isAlwaysDefined);
}

const truthFor = (comparison: MarkerComparison, extra: string): number => compare(comparison, () => extra);

function reduce(expression: MarkerExpression, extra: string): MarkerExpression | boolean {
  if (expression.kind === "compare") {
    return variableOf(expression) === "extra" ? truthFor(expression, extra) === TRUE : expression;
  }
  const decisive = expression.kind === "or";
  const parts: MarkerExpression[] = [];
  for (const part of expression.parts) {
    const rest = reduce(part, extra);
    if (rest === decisive) return decisive;
    if (typeof rest !== "boolean") parts.push(rest);
  }
  return parts.length === 0 ? !decisive : join(expression, parts);
}

function join(junction: MarkerJunction, parts: readonly MarkerExpression[]): MarkerExpression {
  if (parts.length === 1) return parts[0]!;
  const grouped = parts.map((part) =>
    part.kind === "compare" ? part : { ...part, isGrouped: part.kind !== junction.kind },
  );
  return { kind: junction.kind, parts: grouped, isGrouped: junction.isGrouped };
}

/** A comparison of the truth value wanted wherever no extra is given. */
const constant = (holds: boolean): MarkerComparison => ({
  kind: "compare",
  left: { isVariable: true, text: "extra" },
  operator: holds ? "==" : "!=",
  right: { isVariable: false, text: "" },
});

function substitute(expression: MarkerExpression, extra: string): MarkerExpression {
  if (expression.kind !== "compare")
    return { ...expression, parts: expression.parts.map((part) => substitute(part, extra)) };
  const truth = variableOf(expression) === "extra" ? truthFor(expression, extra) : UNDEFINED;
  return truth === UNDEFINED ? expression : constant(truth === TRUE);
}

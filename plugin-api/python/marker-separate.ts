import { beginWork, type Diagram, decide, EVERYWHERE, NOWHERE, split, underText } from "./marker-diagram.ts";
import { join, meet, negate } from "./marker-operations.ts";
import { type DecisionVariable, plainVariable } from "./marker-variable.ts";

/** What tells environments apart, in the order in which people (and uv) would ask: first the system, last the Python. */
const TEXTS = ["sys_platform", "platform_machine", "platform_python_implementation"].map((subject) =>
  plainVariable("text", subject),
);
const PYTHON = plainVariable("version", "python_full_version");

/** Two sets that have nothing in common, as they are under what was asked so far. */
interface Pair {
  readonly inside: Diagram;
  readonly outside: Diagram;
}

/** A simple set with all of `inside` and nothing of `outside`. Where it is neither, it is as under the first answer that counts. */
export function separation(inside: Diagram, outside: Diagram): Diagram {
  beginWork();
  return between({ inside, outside }, TEXTS);
}

function between({ inside, outside }: Pair, variables: readonly DecisionVariable[]): Diagram {
  if (inside === NOWHERE) return NOWHERE;
  if (outside === NOWHERE) return EVERYWHERE;
  const [variable, ...rest] = variables;
  if (variable === undefined) return inside.variable === PYTHON ? betweenPythons(inside, outside) : inside;
  if ((inside.subjects & variable.subjectBit) === 0) return between({ inside, outside }, rest);
  const texts = [...new Set([...textsOf(inside, variable), ...textsOf(outside, variable)])].sort();
  const elsewhere = { inside: underOther(inside, variable), outside: underOther(outside, variable) };
  const pairs = texts.map((text) => ({
    inside: underText(inside, variable, text),
    outside: underText(outside, variable, text),
  }));
  const parts = filled([elsewhere, ...pairs].map((pair) => (counts(pair) ? between(pair, rest) : undefined)));
  const named = texts.map((text) => decide(variable, [text], [EVERYWHERE, NOWHERE]));
  const others = meet(negate(named.reduce(join, NOWHERE)), parts[0]!);
  return named.reduce((all, where, i) => join(all, meet(where, parts[i + 1]!)), others);
}

function betweenPythons(inside: Diagram, outside: Diagram): Diagram {
  const { variable, points, pairs } = split(inside, outside);
  const parts = pairs.map(([a, b]) =>
    counts({ inside: a, outside: b }) ? between({ inside: a, outside: b }, []) : undefined,
  );
  return decide(variable, points, filled(parts));
}

const counts = ({ inside, outside }: Pair): boolean => inside !== NOWHERE || outside !== NOWHERE;

function filled(parts: readonly (Diagram | undefined)[]): readonly Diagram[] {
  const first = parts.find((part) => part !== undefined) ?? NOWHERE;
  return parts.map((part) => part ?? first);
}

/** The texts of a variable that the set tells apart. */
function textsOf(set: Diagram, variable: DecisionVariable): readonly string[] {
  if ((set.subjects & variable.subjectBit) === 0) return [];
  const deeper = set.children.flatMap((child) => textsOf(child, variable));
  return set.variable === variable ? [...set.points, ...deeper] : deeper;
}

/** The set as it is for the texts of a variable that it does not name. */
function underOther(set: Diagram, variable: DecisionVariable): Diagram {
  if ((set.subjects & variable.subjectBit) === 0) return set;
  if (set.variable === variable) return set.children.at(-1)!;
  return decide(
    set.variable,
    set.points,
    set.children.map((child) => underOther(child, variable)),
  );
}

import { type Diagram, decide, NOWHERE } from "./marker-diagram.ts";
import { versionsIn } from "./marker-leaf.ts";
import { plainVariable } from "./marker-variable.ts";
import { boundsOf, type Interval, intervalsAt, oneComparison, type Wording } from "./marker-version-words.ts";
import { parseSpecifier } from "./specifier.ts";
import { cachedByText } from "./text-cache.ts";
import { BEYOND_KEYS, LOWEST_KEY } from "./version-key.ts";
import { readPoint, startOfPoint } from "./version-point.ts";

const FULL = "python_full_version";
const PYTHON = plainVariable("version", FULL);

/** The environments of the Pythons that a specifier admits. */
export const pythonsIn: (specifier: string) => Diagram = cachedByText((specifier) =>
  versionsIn(FULL, parseSpecifier(specifier).bounds),
);

function pythonIntervals(set: Diagram): readonly Interval[] {
  if (set === NOWHERE) return [];
  if (set.variable !== PYTHON) return [[LOWEST_KEY, BEYOND_KEYS]];
  return intervalsAt(
    set.points,
    set.children.flatMap((child, i) => (child === NOWHERE ? [] : [i])),
  );
}

/** The tightest specifier that admits every Python in the set. */
export function boundsOfPython(set: Diagram): string {
  const intervals = pythonIntervals(set);
  const first = intervals[0];
  if (first === undefined) return "<0";
  const hull = boundsOf(FULL, [first[0], intervals.at(-1)![1]]);
  const gaps = intervals.slice(1).flatMap(([low], i) => gapWords([intervals[i]![1], low]));
  return [...hull, ...gaps].map(clauseText).join(",");
}

/** More than there are of one major version. */
const MOST_MINORS = 40;

/** What keeps a gap out, if that takes no other clauses than `!=3.10.*`. */
function gapWords([low, high]: Interval): readonly Wording[] {
  const one = oneComparison(FULL, "!=", [low, high]);
  if (one !== undefined) return [one];
  const [start, end] = [readPoint(low), readPoint(high)];
  const [major, minor] = start.release;
  const count = Number(end.release[1]) - Number(minor);
  if (start.at !== "start" || end.at !== "start" || major !== end.release[0] || count > MOST_MINORS) return [];
  return Array.from({ length: count }, (_, i) => ({
    subject: "python_version",
    operator: "!=",
    text: `${major}.${Number(minor) + i}`,
  }));
}

function clauseText({ subject, operator, text }: Wording): string {
  const isMinor = subject === "python_version" && (operator === "==" || operator === "!=");
  return operator + text + (isMinor && !text.endsWith(".*") ? ".*" : "");
}

/** Moves where pre-releases of a Python are told from the release to where the first of them is. */
export function withPrereleasesRounded(set: Diagram): Diagram {
  if (set.variable !== PYTHON) return set;
  const points: string[] = [];
  const children = [set.children[0]!];
  set.points.forEach((point, i) => {
    const start = startOfPoint(point);
    if (points.at(-1) === start) children.pop();
    else points.push(start);
    children.push(set.children[i + 1]!);
  });
  return decide(PYTHON, points, children);
}

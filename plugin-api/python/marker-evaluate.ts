import type { MarkerEnvironment } from "../model/interpreter.ts";
import type { ActivatedSets } from "./marker.ts";
import { type Diagram, EVERYWHERE } from "./marker-diagram.ts";
import { answer, type DecisionVariable } from "./marker-variable.ts";
import { normalizeName } from "./package-name.ts";
import { LOWEST_KEY, versionKey } from "./version-key.ts";

/** What a marker may ask for besides the environment: the extras chosen, or extras and groups of a lock file (PEP 751). */
export type Activated = readonly string[] | ActivatedSets;

const NO_EXTRA = [""];

/** The answer to a question about extras or groups. Without any extra, `extra` is the empty text (PEP 508). */
export function isActivated(test: DecisionVariable, activated: Activated): boolean {
  const { extras, dependencyGroups } =
    "dependencyGroups" in activated ? activated : { extras: activated, dependencyGroups: [] };
  if (test.subject !== "extra")
    return answer(test, new Set((test.subject === "extras" ? extras : dependencyGroups).map(normalizeName)));
  return (extras.length === 0 ? NO_EXTRA : extras).some((name) => answer(test, normalizeName(name)));
}

/** Whether a diagram holds in an environment. */
export function isMetBy(set: Diagram, environment: MarkerEnvironment, activated: Activated): boolean {
  let at = set;
  while (at.children.length > 0) at = at.children[childOf(at, environment, activated)]!;
  return at === EVERYWHERE;
}

function childOf(
  { variable, points, children }: Diagram,
  environment: MarkerEnvironment,
  activated: Activated,
): number {
  const { kind, subject } = variable;
  if (kind === "version") {
    const key = keyOf(environment, subject);
    let at = 0;
    while (at < points.length && points[at]! <= key) at++;
    return at;
  }
  const value = environment[subject as keyof MarkerEnvironment];
  if (kind === "test")
    return (value === undefined ? isActivated(variable, activated) : answer(variable, value)) ? 0 : 1;
  const at = points.indexOf(value);
  return at < 0 ? children.length - 1 : at;
}

const keys = new WeakMap<MarkerEnvironment, Map<string, string>>();

function keyOf(environment: MarkerEnvironment, subject: string): string {
  let known = keys.get(environment);
  if (known === undefined) keys.set(environment, (known = new Map()));
  const hit = known.get(subject);
  if (hit !== undefined) return hit;
  // A build from a checkout calls itself `3.13.0+`, which is no version.
  const text = environment[subject as keyof MarkerEnvironment].replace(/\+$/, "+local");
  const key = versionKey(text) ?? LOWEST_KEY;
  known.set(subject, key);
  return key;
}

import type { MarkerEnvironment } from "../model/interpreter.ts";
import { formatExpression, type MarkerExpression, readMarker } from "./marker-syntax.ts";
import { compare, evaluate, type MarkerValues, TRUE, UNDEFINED } from "./marker-truth.ts";
import { normalizeName } from "./package-name.ts";
import { cachedByText } from "./text-cache.ts";

/** A parsed environment marker (PEP 508). */
export interface Marker {
  /** Canonical text. */
  readonly text: string;
  readonly expression: MarkerExpression;
}

/**
 * What a lock file's markers may test besides the environment (PEP 751): the chosen extras and groups, in any spelling; and
 * the extra for which an edge of our own locks is read.
 */
export interface ActivatedSets {
  readonly extras: readonly string[];
  readonly dependencyGroups: readonly string[];
  readonly extra?: string;
}

/** Makes a marker of an expression. */
export const markerOf = (expression: MarkerExpression): Marker =>
  Object.freeze({ text: formatExpression(expression), expression });

/** Parses a marker (PEP 508, "Environment Markers"). Throws InvalidSyntax with the position. Remembered per text. */
export const parseMarker: (text: string) => Marker = cachedByText((text) => markerOf(readMarker(text)));

/** The canonical text: double quotes, single blanks, no needless parentheses around the whole. */
export const formatMarker = (marker: Marker): string => marker.text;

function activatedExtra(activated: string | ActivatedSets): string | undefined {
  const extra = typeof activated === "string" ? activated : activated.extra;
  return extra === undefined ? undefined : normalizeName(extra);
}

function valuesOf(environment: MarkerEnvironment, activated: string | ActivatedSets): MarkerValues {
  const isSets = typeof activated !== "string";
  return (variable) => {
    switch (variable) {
      case "extra":
        return activatedExtra(activated);
      case "extras":
        return isSets ? new Set(activated.extras.map(normalizeName)) : undefined;
      case "dependency_groups":
        return isSets ? new Set(activated.dependencyGroups.map(normalizeName)) : undefined;
      case "python_full_version":
        // A build from a checkout calls itself `3.13.0+`, which is no version.
        return environment.python_full_version.replace(/\+$/, "+local");
      default:
        return environment[variable as keyof MarkerEnvironment];
    }
  };
}

let answers = new Map<string, boolean>();
let answersFor: MarkerEnvironment | undefined;

/**
 * Whether a marker holds in an environment. `activated` is the extra for which metadata is read (PEP 508, "" for none), or
 * the chosen extras and groups for a lock file's markers (PEP 751). The empty text always holds. A marker with a comparison
 * that has no meaning (`sys_platform ~= "linux"`) never holds; `markerProblem` tells. Throws InvalidSyntax for a text that is
 * no marker. The answers for the last environment are remembered.
 */
export function evaluateMarker(
  marker: Marker | string,
  environment: MarkerEnvironment,
  activated: string | ActivatedSets = "",
): boolean {
  const text = typeof marker === "string" ? marker : marker.text;
  if (text === "") return true;
  const parsed = (): Marker => (typeof marker === "string" ? parseMarker(marker) : marker);
  if (typeof activated !== "string") return evaluate(parsed().expression, valuesOf(environment, activated)) === TRUE;
  if (answersFor !== environment || answers.size > 50_000) {
    answers = new Map();
    answersFor = environment;
  }
  const question = activated === "" ? text : `${activated}\n${text}`;
  const known = answers.get(question);
  if (known !== undefined) return known;
  const answer = evaluate(parsed().expression, valuesOf(environment, activated)) === TRUE;
  answers.set(question, answer);
  return answer;
}

/** The first comparison of a marker that has no meaning in the environment, in canonical spelling; undefined when all have. */
export function markerProblem(
  marker: Marker | string,
  environment: MarkerEnvironment,
  activated: string | ActivatedSets = "",
): string | undefined {
  if (marker === "") return undefined;
  const { expression } = typeof marker === "string" ? parseMarker(marker) : marker;
  const values = valuesOf(environment, activated);
  const find = (part: MarkerExpression): string | undefined => {
    if (part.kind === "compare") return compare(part, values) === UNDEFINED ? formatExpression(part) : undefined;
    for (const inner of part.parts) {
      const problem = find(inner);
      if (problem !== undefined) return problem;
    }
    return undefined;
  };
  return find(expression);
}

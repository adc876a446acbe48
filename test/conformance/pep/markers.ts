import type { MarkerEnvironment } from "../../../plugin-api/model/interpreter.ts";
import { evaluateMarker, formatMarker, markerProblem, parseMarker } from "../../../plugin-api/python/marker.ts";
import { evaluates, formatMarkerSet, markerSet, NEVER } from "../../../plugin-api/python/marker-algebra.ts";
import { assumeExtra } from "../../../plugin-api/python/marker-extra.ts";
import { formatExpression } from "../../../plugin-api/python/marker-syntax.ts";
import { normalizeName } from "../../../plugin-api/python/package-name.ts";
import { type Row, unlessInvalid } from "./row.ts";

interface Markers {
  readonly environments: Readonly<Record<string, MarkerEnvironment>>;
  readonly cases: readonly (readonly [marker: string, environment: string, extra: string, result: boolean | string])[];
  readonly normalized: readonly (readonly [input: string, canonical: string])[];
  readonly invalid: readonly string[];
  readonly lock_file: readonly LockRow[];
}
interface LockRow {
  readonly marker: string;
  readonly environment: string;
  readonly extras: readonly string[];
  readonly dependency_groups: readonly string[];
  readonly result: boolean;
}

/** The marker's value: directly, with the extra decided first as dependency tables do, and as a set, once rewritten. */
function answersFor(marker: string, environment: MarkerEnvironment, extra: string): unknown {
  const rest = assumeExtra(parseMarker(marker).expression, normalizeName(extra));
  const decided = typeof rest === "boolean" ? rest : evaluateMarker(formatExpression(rest), environment);
  const isProblem = markerProblem(marker, environment, extra) !== undefined;
  return [evaluateMarker(marker, environment, extra), decided, ...inSets(marker, environment, extra), isProblem];
}

function inSets(marker: string, environment: MarkerEnvironment, extra: string): readonly boolean[] {
  const chosen = extra === "" ? [] : [extra];
  const set = markerSet(marker);
  const rewritten = set === NEVER ? set : markerSet(formatMarkerSet(set));
  return [set, rewritten].map((each) => evaluates(each, environment, chosen));
}

export function* checkMarkers({ environments, cases, normalized, invalid, lock_file }: Markers): Iterable<Row> {
  for (const [marker, name, extra, result] of cases) {
    const environment = environments[name]!;
    const isError = typeof result === "string";
    const expected = isError ? [false, false, false, false, true] : [result, result, result, result, false];
    const subject = `${marker} on ${name} with extra \`${extra}\``;
    yield { subject, expected, answer: () => answersFor(marker, environment, extra) };
  }
  for (const [input, expected] of normalized) {
    yield { subject: input, expected, answer: () => formatMarker(parseMarker(input)) };
    yield { subject: `again ${input}`, expected, answer: () => formatMarker(parseMarker(expected)) };
  }
  for (const text of invalid) {
    yield { subject: text, expected: null, answer: () => unlessInvalid(() => parseMarker(text)) };
  }
  for (const { marker, environment, extras, dependency_groups: dependencyGroups, result } of lock_file) {
    const chosen = { extras, dependencyGroups };
    const where = environments[environment]!;
    const answer = (): unknown => [evaluateMarker(marker, where, chosen), evaluates(markerSet(marker), where, chosen)];
    const subject = `${marker} for ${extras.join(" ")} | ${dependencyGroups.join(" ")}`;
    yield { subject, expected: [result, result], answer };
  }
}

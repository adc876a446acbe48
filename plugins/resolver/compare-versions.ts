import { simdComparison } from "./packed-simd.ts";
import { type CompareVersions, compareVersionsScalar } from "./packed-version.ts";

/** Lists shorter than this are done before the vectors are called: measured by `test/bench/compare-versions.ts`. */
const FEW = 64;

let made: CompareVersions | null | undefined;

/** Compares eight candidates a step; undefined where the machine has no vectors, or `PYBUN_SIMD=off` forbids them. */
export function compareVersionsSimd(
  env: Readonly<Record<string, string | undefined>> = process.env,
): CompareVersions | undefined {
  if (env["PYBUN_SIMD"]?.toLowerCase() === "off") return undefined;
  if (made === undefined) made = simdComparison() ?? null;
  return made ?? undefined;
}

/** What is fastest for a list of this length that is in no order. In a sorted one, searching beats both at any length. */
export const comparisonFor = (count: number, env?: Readonly<Record<string, string | undefined>>): CompareVersions =>
  (count < FEW ? undefined : compareVersionsSimd(env)) ?? compareVersionsScalar;

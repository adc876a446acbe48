import type { Timing } from "./scenario.ts";

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

export const timing = (allMs: readonly number[]): Timing => ({
  medianMs: median(allMs),
  minMs: Math.min(...allMs),
  allMs,
});

/** Median of the ratios pair by pair: a slow minute of the machine slows both of a pair. */
export const pairedRatio = (ours: readonly number[], theirs: readonly number[]): number =>
  median(ours.map((ms, index) => ms / (theirs[index] ?? Number.NaN)));

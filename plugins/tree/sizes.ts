import { bestFile } from "../../plugin-api/lock/choose-file.ts";
import type { Target } from "../../plugin-api/model/interpreter.ts";
import type { LockedPackage } from "../../plugin-api/model/lock.ts";
import { tagScorer } from "../../plugin-api/python/tags.ts";
import { formatSize } from "../../plugin-api/text/units.ts";

/** Bytes to download for a package: smallest and largest where that depends on the platform. */
export type SizeRange = readonly [least: number, most: number];

/** Sizes of the files that are installed on a target, or of the wheels there are; undefined where an index does not tell. */
export function sizing(target: Target | undefined): (each: LockedPackage) => SizeRange | undefined {
  if (target === undefined) return sizesOfAll;
  const score = tagScorer(target.tags);
  return (each) => {
    const size = bestFile(each, score)?.sizeBytes;
    return size === undefined ? undefined : [size, size];
  };
}

function sizesOfAll({ files }: LockedPackage): SizeRange | undefined {
  const wheels = files.filter(({ kind }) => kind === "wheel");
  const sizes = (wheels.length > 0 ? wheels : files).flatMap(({ sizeBytes }) => sizeBytes ?? []);
  return sizes.length === 0 ? undefined : [Math.min(...sizes), Math.max(...sizes)];
}

/** `303K`, `9.8M to 13.0M`. */
export function formatSizes([least, most]: SizeRange): string {
  const [low, high] = [formatSize(least), formatSize(most)];
  return low === high ? low : `${low} to ${high}`;
}

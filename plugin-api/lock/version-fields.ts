import { versionParts } from "../python/version-key.ts";
import { VERSION_FLAG } from "./layout.ts";

/** A version as numbers that can be compared without reading its text, and what of it they leave out (SPEC DPL-06). */
export interface VersionFields {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  readonly flags: number;
}

const MOST = 0xffff_ffff;

/**
 * The first three parts of a valid version's release, missing ones 0, and flags. `exact` is set when they are all there is to
 * compare: `1.2` is exact and equals `1.2.0`. A part that does not fit is the largest number, and counts as `more`.
 */
export function versionFields(text: string): VersionFields {
  const parts = versionParts(text);
  if (parts === undefined) throw new RangeError(`\`${text}\` is not a valid version`);
  const release = parts.release.map(Number);
  const isMore = release.length > 3 || release.some((part) => part > MOST);
  const flags =
    (parts.pre === undefined ? 0 : VERSION_FLAG.pre) |
    (parts.post === undefined ? 0 : VERSION_FLAG.post) |
    (parts.dev === undefined ? 0 : VERSION_FLAG.dev) |
    (parts.local === undefined ? 0 : VERSION_FLAG.local) |
    (Number(parts.epoch) === 0 ? 0 : VERSION_FLAG.epoch) |
    (isMore ? VERSION_FLAG.more : 0);
  const [major = 0, minor = 0, patch = 0] = release.map((part) => Math.min(part, MOST));
  return { major, minor, patch, flags: flags || VERSION_FLAG.exact };
}

/** The lowest Python that a specifier admits by its text: the highest of its lower bounds; zeros without any. */
export function lowestPython(requiresPython: string): readonly [major: number, minor: number, micro: number] {
  let lowest: readonly [number, number, number] = [0, 0, 0];
  for (const [, bound] of requiresPython.matchAll(/(?:^|,)\s*(?:>=|>|~=|===?)\s*v?(\d+(?:\.\d+)*)/g)) {
    const [major = 0, minor = 0, micro = 0] = (bound as string).split(".").map(Number);
    const isHigher = major - lowest[0] || minor - lowest[1] || micro - lowest[2];
    if (isHigher > 0) lowest = [Math.min(major, 0xff), Math.min(minor, 0xff), Math.min(micro, 0xffff)];
  }
  return lowest;
}

import { parseWheelFilename } from "../python/wheel-filename.ts";

/** Families of platform tags as people look for them: the most widely usable first, pure wheels last. */
const FAMILIES = [/^manylinux/, /^musllinux/, /^linux/, /^macosx/, /^win/, /^(?!any$)/, /^any$/];

const familyOf = (platform: string): number => FAMILIES.findIndex((family) => family.test(platform));

/** The platform part of a wheel's tags, such as `manylinux_2_17_x86_64.manylinux2014_x86_64`. Throws InvalidSyntax. */
export function wheelPlatform(filename: string): string {
  const { tags } = parseWheelFilename(filename);
  return tags.slice(tags.lastIndexOf("-") + 1);
}

/** Distinct platform tags in the order of the section PLAT. */
export const sortPlatforms = (platforms: Iterable<string>): readonly string[] =>
  [...new Set(platforms)].sort((a, b) => familyOf(a) - familyOf(b) || (a < b ? -1 : 1));

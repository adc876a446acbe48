import { parseWheelFilename } from "../python/wheel-filename.ts";

/** Families of platform tags as people look for them: the most widely usable first, pure wheels last. */
const FAMILIES = [/^manylinux/, /^musllinux/, /^linux/, /^macosx/, /^win/, /^(?!any$)/, /^any$/];

const familyOf = (platform: string): number => FAMILIES.findIndex((family) => family.test(platform));

/** What is known of wheels' names: those of a release begin alike, those of many end alike. */
let lastHead = "";
const platforms = new Map<string, string>();
const MOST_PLATFORMS = 50_000;

/** The platform part of a wheel's tags, such as `manylinux_2_17_x86_64.manylinux2014_x86_64`. Throws InvalidSyntax. */
export function wheelPlatform(filename: string): string {
  const dash = filename.lastIndexOf("-", filename.lastIndexOf("-", filename.lastIndexOf("-") - 1) - 1);
  const [head, tail] = [filename.slice(0, dash), filename.slice(dash)];
  const known = head === lastHead ? platforms.get(tail) : undefined;
  if (known !== undefined) return known;
  const { tags } = parseWheelFilename(filename);
  const platform = tags.slice(tags.lastIndexOf("-") + 1);
  lastHead = head;
  if (platforms.size >= MOST_PLATFORMS) platforms.clear();
  platforms.set(tail, platform);
  return platform;
}

/** Distinct platform tags in the order of the section PLAT. */
export const sortPlatforms = (platforms: Iterable<string>): readonly string[] =>
  [...new Set(platforms)].sort((a, b) => familyOf(a) - familyOf(b) || (a < b ? -1 : 1));

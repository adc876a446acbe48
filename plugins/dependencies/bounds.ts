import { parseVersion } from "../../plugin-api/python/version.ts";

/** Which versions a new dependency allows, reckoned from the one that was chosen. */
export type Bounds = "lower" | "major" | "minor" | "exact";

/**
 * The specifier of a new dependency: `>=1.2.3`; up to the next major (`<2.0.0`) or minor version (`<1.3.0`), where versions that
 * begin with zeros count from the first number that is none; or `==1.2.3`. A local version's label is nobody's requirement.
 */
export function boundsOf(version: string, bounds: Bounds): string {
  const chosen = version.split("+", 1)[0] as string;
  if (bounds === "exact") return `==${chosen}`;
  if (bounds === "lower") return `>=${chosen}`;
  return `>=${chosen},<${nextVersion(chosen, bounds)}`;
}

function nextVersion(version: string, bounds: "major" | "minor"): string {
  const { epoch, release } = parseVersion(version);
  const numbers = release.length < 3 ? [...release, ...Array<number>(3 - release.length).fill(0)] : [...release];
  const zeros = numbers.findIndex((number) => number !== 0);
  const first = zeros < 0 ? 0 : zeros;
  const raised = Math.min(bounds === "major" ? first : first + 1, numbers.length - 1);
  const next = numbers.map((number, at) => (at < raised ? number : at === raised ? number + 1 : 0));
  const length = Math.max(release.length, raised + 1);
  return `${epoch === 0 ? "" : `${epoch}!`}${next.slice(0, length).join(".")}`;
}

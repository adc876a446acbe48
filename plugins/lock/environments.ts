import { PybunError } from "../../plugin-api/error.ts";
import { isDisjoint, markerSet, NEVER, pythonRange } from "../../plugin-api/python/marker-algebra.ts";

/** Refuses environments that no Python of the project meets: such a marker is a slip, and would be without effect. Throws `E_PROJECT_INVALID`. */
export function checkEnvironments(
  environments: Readonly<Record<string, readonly string[]>>,
  requiresPython: string,
): void {
  const pythons = pythonRange(requiresPython);
  for (const [key, markers] of Object.entries(environments)) {
    for (const marker of markers) {
      const place = markerSet(marker);
      if (place !== NEVER && !isDisjoint(place, pythons)) continue;
      throw new PybunError("E_PROJECT_INVALID", `\`${key}\` has \`${marker}\`, which is met nowhere in the project`, {
        evidence: [`requires-python = "${requiresPython}"`],
        hints: [`change the marker or \`requires-python\`, or leave it out of \`${key}\``],
      });
    }
  }
}

/** Refuses a range that no Python is in: everything would hold for it, and nothing be installed. Throws `E_PROJECT_INVALID`. */
export function checkPythons(requiresPython: string): void {
  if (pythonRange(requiresPython) !== NEVER) return;
  throw new PybunError("E_PROJECT_INVALID", `no Python is in \`requires-python = "${requiresPython}"\``, {
    hints: ["a range goes up: `>=3.10,<3.13`"],
  });
}

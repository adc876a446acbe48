import { PybunError } from "../error.ts";
import { nearest } from "../nearest.ts";
import { normalizeName } from "../python/package-name.ts";

/** `E_NOT_LOCKED`: no package of the lock has the name that was typed behind `pybun COMMAND`; the nearest of `names` is offered. */
export function notLocked(typed: string, names: Iterable<string>, command: string): PybunError {
  const near = nearest(normalizeName(typed), names);
  return new PybunError("E_NOT_LOCKED", `the lock has no package \`${typed}\``, {
    hints: near === undefined ? [] : [`did you mean: \`pybun ${command} ${near}\``],
    ...(near !== undefined && {
      fixes: [{ id: "correct-name", applicability: "review", command: ["pybun", ...command.split(" "), near] }],
    }),
    context: { name: typed },
  });
}

import { PybunError } from "../../plugin-api/error.ts";
import { nearest } from "../../plugin-api/nearest.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import type { Graph } from "./graph.ts";

/** `E_NOT_LOCKED`, for a name that no package of the lock has, with the one that was probably meant. */
export function notLocked({ lock, starts }: Graph, typed: string, command: string): PybunError {
  const names = new Set<string>([...lock.packages, ...starts].map(({ name }) => name));
  const near = nearest(normalizeName(typed), names);
  return new PybunError("E_NOT_LOCKED", `the lock has no package \`${typed}\``, {
    hints: near === undefined ? [] : [`did you mean: \`pybun ${command} ${near}\``],
    ...(near !== undefined && {
      fixes: [{ id: "correct-name", applicability: "review", command: ["pybun", ...command.split(" "), near] }],
    }),
    context: { name: typed },
  });
}

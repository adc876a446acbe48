import { PybunError } from "../../plugin-api/error.ts";
import type { Demand } from "../../plugin-api/model/requirement.ts";
import { parseMarker } from "../../plugin-api/python/marker.ts";
import { extraComparisons, remains } from "../../plugin-api/python/marker-extra.ts";
import { formatRequirement } from "../../plugin-api/python/requirement.ts";

/**
 * An override counts for what any package requires, so an extra in its marker is an extra of whichever package that is: all the
 * others would lose what they need without a word. Throws `E_RESOLVE_OVERRIDE`.
 */
export function checkOverrides(overrides: readonly Demand[]): void {
  for (const { requirement, text, origin } of overrides) {
    if (!requirement.marker.includes("extra")) continue;
    const { expression } = parseMarker(requirement.marker);
    const [named] = extraComparisons(expression);
    if (named === undefined) continue;
    const { isVariable, text: word } = named.left;
    const marker = remains(expression, "") ?? remains(expression, isVariable ? named.right.text : word);
    const hints =
      marker === undefined
        ? []
        : [
            `leave the extra out, as what is required with an extra only stays so: \`${formatRequirement({ ...requirement, marker })}\``,
          ];
    throw new PybunError("E_RESOLVE_OVERRIDE", `the override \`${text}\` names an extra`, {
      evidence: [`${origin}: it counts for every package that requires \`${requirement.name}\`, whatever its extras`],
      hints: [...hints, `where \`${requirement.name}\` is to be left out, say so: \`exclude-dependencies\``],
      context: { package: requirement.name, override: text, origin },
    });
  }
}

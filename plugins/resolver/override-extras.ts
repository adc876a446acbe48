import { type Diagnostic, warning } from "../../plugin-api/diagnostic.ts";
import type { Demand, Requirement } from "../../plugin-api/model/requirement.ts";
import { parseMarker } from "../../plugin-api/python/marker.ts";
import { extraComparisons, remains } from "../../plugin-api/python/marker-extra.ts";
import { formatRequirement } from "../../plugin-api/python/requirement.ts";

const NEVER = "python_version < '0'";

/** An override counts for what any package requires, hence for no extra of any: what its marker says of one is not so. */
export const withoutExtras = (overrides: readonly Demand[]): readonly Demand[] =>
  overrides.map((one) => (extraIn(one.requirement) === undefined ? one : { ...one, requirement: counted(one) }));

const counted = ({ requirement }: Demand): Requirement => ({
  ...requirement,
  marker: remains(parseMarker(requirement.marker).expression, "") ?? NEVER,
});

/** The first extra that a requirement's marker names. */
function extraIn({ marker }: Requirement): string | undefined {
  if (!marker.includes("extra")) return undefined;
  const [named] = extraComparisons(parseMarker(marker).expression);
  return named && (named.left.isVariable ? named.right.text : named.left.text);
}

/** Tells of overrides by which packages may lose what they need (`W_OVERRIDE_EXTRA`). */
export function overrideWarnings(overrides: readonly Demand[]): readonly Diagnostic[] {
  return overrides.flatMap((one) => {
    const extra = extraIn(one.requirement);
    return extra === undefined ? [] : [overrideWarning(one, extra)];
  });
}

function overrideWarning({ requirement, text, origin }: Demand, extra: string): Diagnostic {
  const { name } = requirement;
  const { expression } = parseMarker(requirement.marker);
  const without = remains(expression, "");
  const formatted = (marker: string): string => formatRequirement({ ...requirement, marker });
  const instead = without ?? remains(expression, extra);
  const outcome =
    without === undefined ? `nothing requires \`${name}\` any more` : `it counts as \`${formatted(without)}\``;
  const plain =
    instead === undefined
      ? []
      : [`leave the extra out, as what is required with an extra only stays so: \`${formatted(instead)}\``];
  return warning("W_OVERRIDE_EXTRA", `the override \`${text}\` names an extra: ${outcome}`, {
    evidence: [`${origin}: it counts for every package that requires \`${name}\`, whatever its extras`],
    hints: [
      ...plain,
      ...(without === undefined ? ["where the package is to be left out, say so: `exclude-dependencies`"] : []),
    ],
    context: { package: name, override: text, origin },
  });
}

import type { RunOf } from "../../plugin-api/command.ts";
import type { MarkerEnvironment } from "../../plugin-api/model/interpreter.ts";
import { evaluateMarker } from "../../plugin-api/python/marker.ts";
import { formatRequirement } from "../../plugin-api/python/requirement.ts";
import { parseSpecifier, satisfies } from "../../plugin-api/python/specifier.ts";
import { asPip } from "./as-pip.ts";
import type { check as spec } from "./commands.ts";
import { byName, type Distribution, distributionsIn, requirementsOf } from "./distributions.ts";
import { selectedEnvironment } from "./place.ts";

/** SPEC PIP-01. */
const check: RunOf<typeof spec> = async (_options, _operands, session) => {
  const environment = await selectedEnvironment(session);
  const all = environment ? await distributionsIn(environment, session) : [];
  const problems = environment ? problemsAmong(all, environment.interpreter.markers) : [];
  return {
    exitCode: problems.length === 0 ? 0 : 1,
    data: { checked: all.length, problems: problems.map(dataOf) },
    text: () => (problems.length === 0 ? "No broken requirements found." : problems.map(({ text }) => text).join("\n")),
  };
};
export default asPip(check);

export interface Problem {
  readonly kind: "missing" | "conflict";
  readonly name: string;
  readonly version: string;
  readonly requirement: string;
  /** What is installed instead. */
  readonly found?: string;
  /** In pip's words. */
  readonly text: string;
}

const dataOf = ({ kind, name, version, requirement, found }: Problem) => ({
  kind,
  name,
  version,
  requirement,
  ...(found !== undefined && { found }),
});

/** What is missing or does not fit: first all that is missing, package by package, as pip tells it. */
export function problemsAmong(all: readonly Distribution[], markers: MarkerEnvironment): readonly Problem[] {
  const installed = byName(all);
  const found = all.flatMap((distribution) => {
    const { name, version } = distribution;
    return requirementsOf(distribution).flatMap((one): Problem[] => {
      if (!evaluateMarker(one.marker, markers)) return [];
      const there = installed.get(one.name);
      const requirement = formatRequirement({ ...one, marker: "" });
      const facts = { name, version, requirement };
      if (!there)
        return [
          { kind: "missing", ...facts, text: `${name} ${version} requires ${one.name}, which is not installed.` },
        ];
      if (one.url !== undefined || satisfies(parseSpecifier(one.specifier), there.version)) return [];
      const text = `${name} ${version} has requirement ${requirement}, but you have ${there.name} ${there.version}.`;
      return [{ kind: "conflict", ...facts, found: there.version, text }];
    });
  });
  return [...found.filter(({ kind }) => kind === "missing"), ...found.filter(({ kind }) => kind === "conflict")];
}

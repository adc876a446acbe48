import { type Diagnostic, warning } from "../../plugin-api/diagnostic.ts";
import type { Target } from "../../plugin-api/model/interpreter.ts";
import type { Requirement } from "../../plugin-api/model/requirement.ts";
import type { Pin } from "../../plugin-api/model/resolution.ts";
import { tagScorer } from "../../plugin-api/python/tags.ts";
import type { Candidates, Obstacle } from "./candidates.ts";
import { describeTarget } from "./fit.ts";
import type { Packages } from "./packages.ts";
import { has, intersect, SELECTED } from "./ranks.ts";

/** What a user would not expect of a resolution. Without a target nothing is said of builds: they depend on it. */
export function warningsAbout(packages: Packages, pins: readonly Pin[], target?: Target): Diagnostic[] {
  const { roots, constraints } = packages.question;
  const wishes: Wish[] = [
    ...[...roots, ...constraints].map(({ requirement }) => requirement),
    ...pins.flatMap((pin) => pin.dependencies),
  ];
  return pins.flatMap((pin) => {
    const candidates = packages.candidates(pin.name)!;
    return [
      ...yankWarning(pin),
      ...(target ? sourceWarning(pin, candidates, target) : []),
      ...wheelWarnings(pin, packages),
      ...refusalWarnings(pin, candidates, wishes),
      ...extraWarnings(pin, packages),
    ];
  });
}

function yankWarning({ name, version, file }: Pin): Diagnostic[] {
  if (!file.isYanked) return [];
  const why = file.yankedReason ? `: ${file.yankedReason}` : "";
  return [warning("W_YANKED", `\`${name} ${version}\` was withdrawn by its publisher${why}`)];
}

function sourceWarning({ name, version, file, source }: Pin, candidates: Candidates, target: Target): Diagnostic[] {
  if (file.kind === "wheel" || source.kind !== "index" || !candidates.policy.isBinaryAllowed) return [];
  const wheels = candidates.wheelTags(candidates.rankOf(version));
  const score = tagScorer(target.tags);
  const platformOf = (tags: string): string => tags.slice(tags.lastIndexOf("-") + 1);
  // Wheels for this machine whose Python or ABI is another one: the usual case of a Python that is too new or too old.
  const isAbiMismatch = wheels.some((tags) => score(`py3-none-${platformOf(tags)}`) > 0);
  return [
    isAbiMismatch
      ? warning(
          "W_ABI_FALLBACK",
          `${name} ${version} is built from source, its wheels for ${target.tags.os} ${target.tags.arch} are for other Pythons than ` +
            `${target.markers.platform_python_implementation} ${target.tags.python.join(".")}`,
          { evidence: [`wheels  ${[...wheels].sort().join(" ")}`], context: { name, version, wheels } },
        )
      : warning(
          "W_SDIST_FALLBACK",
          `${name} ${version} is built from source, no wheel fits ${describeTarget(target)}`,
          {
            context: { name, version },
          },
        ),
  ];
}

function wheelWarnings({ name, version }: Pin, packages: Packages): Diagnostic[] {
  const candidates = packages.candidates(name)!;
  const wheelsFor = candidates.wheelsFor(candidates.rankOf(version));
  if (wheelsFor === undefined) return [];
  const { words } = packages.question.fit;
  return [
    warning(
      "W_WHEELS_MISSING",
      `${name} ${version} has wheels for Python ${wheelsFor} only and no source distribution, but ${words.python}`,
      { hints: [words.usePython(wheelsFor)], context: { name, version, requires_python: wheelsFor } },
    ),
  ];
}

type Wish = Pick<Requirement, "name" | "specifier">;

/** Releases that would have been taken, had their metadata been of use: those that all who need the package admit. */
function refusalWarnings({ name, version }: Pin, candidates: Candidates, wishes: readonly Wish[]): Diagnostic[] {
  const refusals = candidates.refusals();
  if (refusals.length === 0) return [];
  const rank = candidates.rankOf(version);
  const admitted = wishes
    .filter((wish) => wish.name === name)
    .reduce((left, { specifier }) => intersect(left, candidates.admitted({ specifier })), SELECTED);
  const isPassedOver = (other: number): boolean =>
    has(admitted, other) && (candidates.policy.isLowest ? other < rank : other > rank);
  return refusals.flatMap(({ rank: other, obstacle }) => {
    const why = whyRefused(obstacle);
    if (why === undefined || !isPassedOver(other)) return [];
    const message = `${name} ${candidates.releases.version(other)} can't be used, ${version} is taken`;
    return [warning("W_RELEASE_SKIPPED", message, { causes: [why] })];
  });
}

function whyRefused(obstacle: Obstacle): string | undefined {
  if (obstacle.kind === "build") return obstacle.isTried ? obstacle.failure.message : undefined;
  return obstacle.kind === "refused" ? obstacle.why : undefined;
}

/** Only what the user asked for: packages often name extras that others have since dropped. */
function extraWarnings({ name, version, extras }: Pin, packages: Packages): Diagnostic[] {
  const asked = packages.question.roots.flatMap(({ requirement }) =>
    requirement.name === name ? requirement.extras : [],
  );
  return [...new Set(asked)]
    .filter((extra) => !extras.includes(extra))
    .map((extra) => warning("W_EXTRA_MISSING", `\`${name} ${version}\` has no extra \`${extra}\``));
}

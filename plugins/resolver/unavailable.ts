import type { ErrorDetail, PybunError } from "../../plugin-api/error.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import { parseSpecifier } from "../../plugin-api/python/specifier.ts";
import type { Candidates, Obstacle } from "./candidates.ts";
import { chainLines } from "./chain-tree.ts";
import type { PackageId } from "./clauses.ts";
import type { Chain, Dispute } from "./dispute.ts";
import { ranksOf } from "./ranks.ts";
import type { Wording } from "./wording.ts";

export interface Explanation {
  readonly code: string;
  readonly message: string;
  readonly evidence: readonly string[];
  readonly context: NonNullable<ErrorDetail["context"]>;
  /** The oldest Pythons that one of the versions asked for runs on, as a specifier, where that is what is missing. */
  readonly python?: string;
  /** Releases that would do, were they of use. */
  readonly unusable?: Unusable;
  /** The build that failed, where that is why nothing is left: what it says goes before what would help. */
  readonly build?: PybunError;
}

/** Releases of a package, by what stands in the way of using them. */
export interface Unusable {
  readonly name: PackageName;
  readonly candidates: Candidates;
  readonly groups: readonly ObstacleGroup[];
}

/** One requirement that nothing on the indexes can meet: no such package, no such version, or none that can be used. */
export function explainUnavailable(dispute: Dispute, chain: Chain, wording: Wording): Explanation {
  const id = dispute.package;
  const name = wording.label(id);
  const candidates = wording.candidates(id);
  const asked = [...ranksOf(chain.allowed, candidates.count)];
  const specifier = wording.requiredBy(chain, id);
  const isPlain = chain.steps.length === 0 && dispute.chains.length === 1;
  const isTyped = wording.demandOf(chain.party).origin === "command line";
  const lines = isPlain && isTyped ? [] : chainLines([dispute], wording);
  const context = { package: name, specifier };
  const isElsewhere = specifier.startsWith(" @ ") && specifier !== ` @ ${candidates.policy.url}`;
  if (isElsewhere) return explainSource(id, { specifier, lines }, wording);
  if (candidates.count === 0) {
    return { code: "E_RESOLVE_MISSING", message: missingName(name, wording), evidence: lines, context };
  }
  if (asked.length === 0) {
    const message = `no version of \`${name}\` matches \`${specifier}\``;
    return { code: "E_RESOLVE_MISSING", message, evidence: [summary(id, wording), ...lines], context };
  }
  const groups = oldestPythonFirst(groupByObstacle(id, withoutPrereleases(asked, candidates), wording));
  const isPython = groups.every(({ obstacle }) => obstacle.kind === "python");
  const [first, ...others] = groups;
  if (first?.obstacle.kind === "build") return explainBuild(first.obstacle.failure, first.ranks.length - 1, lines);
  return {
    code: isPython ? "E_RESOLVE_PYTHON" : "E_RESOLVE_MISSING",
    message: sentence(first!, id, wording),
    evidence: [
      ...others.slice(0, 3).map((group) => (isPython ? bareSentence : sentence)(group, id, wording)),
      ...detail(first!),
      ...lines,
    ],
    context,
    unusable: { name: wording.nameOf(id), candidates, groups },
    ...(isPython && first?.obstacle.kind === "python" ? { python: first.obstacle.requiresPython } : {}),
  };
}

function explainBuild(build: PybunError, untried: number, lines: readonly string[]): Explanation {
  const { evidence = [], context = {} } = build.detail;
  const others = untried === 1 ? "the other version" : `the ${untried} other versions`;
  const rest =
    untried === 0
      ? []
      : [`${others} that would do would have to be built too, and ${untried === 1 ? "was" : "were"} not tried`];
  return { code: build.code, message: build.message, evidence: [...evidence, ...rest, ...lines], context, build };
}

/** A direct reference that is not the package's source: only the user may name one, and only one. */
function explainSource(
  id: PackageId,
  { specifier, lines }: { readonly specifier: string; readonly lines: readonly string[] },
  wording: Wording,
): Explanation {
  const name = wording.label(id);
  const url = specifier.slice(" @ ".length);
  const own = wording.candidates(id).policy.url;
  const message =
    own === undefined
      ? `\`${name}\` is required from ${url}, which only your own requirements may do`
      : `\`${name}\` is required from ${url}, but also from ${own}`;
  return { code: "E_RESOLVE_CONFLICT", message, evidence: lines, context: { package: name, specifier } };
}

function missingName(name: string, wording: Wording): string {
  const indexes = wording.packages.searchedIndexes();
  const where = indexes.map((index) => `\`${index}\``).join(", ");
  if (indexes.length === 0) return `no package named \`${name}\` on any index`;
  return `no package named \`${name}\` on ${indexes.length === 1 ? "index" : "the indexes"} ${where}`;
}

/** `newest is 0.165.0, 364 versions from 0.1.0 on`. */
function summary(id: PackageId, wording: Wording): string {
  const candidates = wording.candidates(id);
  const final = [...ranksOf([0, candidates.count], candidates.count)].filter((rank) => !candidates.isPrerelease(rank));
  const version = (rank: number): string => candidates.releases.version(rank);
  const newest = version(final.at(-1) ?? candidates.count - 1);
  return candidates.count === 1
    ? `the only version is ${newest}`
    : `newest is ${newest}, ${candidates.count} versions from ${version(0)} on`;
}

export interface ObstacleGroup {
  readonly obstacle: Obstacle;
  readonly ranks: number[];
}

/** Pre-releases that would be taken only where nothing else is say nothing beside releases. */
function withoutPrereleases(ranks: readonly number[], candidates: Candidates): readonly number[] {
  if (candidates.policy.prerelease !== "last") return ranks;
  const final = ranks.filter((rank) => !candidates.isPrerelease(rank));
  return final.length > 0 ? final : ranks;
}

/** Newest first; neighbours with one obstacle are told together. */
function groupByObstacle(id: PackageId, ranks: readonly number[], wording: Wording): ObstacleGroup[] {
  const candidates = wording.candidates(id);
  const groups = new Map<string, ObstacleGroup>();
  for (const rank of ranks.toReversed()) {
    const obstacle = candidates.obstacle(rank);
    if (!obstacle) continue;
    const key = obstacle.kind === "python" ? `python ${obstacle.requiresPython} ${obstacle.isByWheels}` : obstacle.kind;
    const group = groups.get(key);
    if (group) group.ranks.unshift(rank);
    else groups.set(key, { obstacle, ranks: [rank] });
  }
  return [...groups.values()];
}

/** What Python they need at least says most, when that alone stands in the way. */
function oldestPythonFirst(groups: readonly ObstacleGroup[]): readonly ObstacleGroup[] {
  if (groups.some(({ obstacle }) => obstacle.kind !== "python")) return groups;
  const boundOf = ({ obstacle }: ObstacleGroup): string =>
    obstacle.kind === "python" ? (parseSpecifier(obstacle.requiresPython).bounds[0] ?? "") : "";
  return groups.toSorted((a, b) => (boundOf(a) < boundOf(b) ? -1 : boundOf(a) > boundOf(b) ? 1 : 0));
}

/** Without what was said before. */
const bareSentence = (group: ObstacleGroup, id: PackageId, wording: Wording): string =>
  sentence(group, id, wording).replace(`, but ${wording.packages.question.fit.words.python}`, "");

function sentence({ obstacle, ranks }: ObstacleGroup, id: PackageId, wording: Wording): string {
  const subject = `${wording.label(id)} ${wording.versions(id, ranks)}`;
  const isOne = ranks.length === 1;
  const { fit } = wording.packages.question;
  switch (obstacle.kind) {
    case "python":
      if (obstacle.isByWheels)
        return `${subject} ${isOne ? "has" : "have"} wheels for Python ${obstacle.requiresPython} only and no source distribution, but ${fit.words.python}`;
      return `${subject} ${isOne ? "requires" : "require"} Python ${obstacle.requiresPython}, but ${fit.words.python}`;
    case "tags":
      return `${subject} ${isOne ? "has" : "have"} no wheel for ${fit.words.platform} and no source distribution`;
    case "no-build":
      return `${subject} ${isOne ? "has" : "have"} no wheel for ${fit.words.platform} and builds are off (--no-build)`;
    case "no-binary":
      return `${subject} ${isOne ? "has" : "have"} no source distribution and wheels are off (--no-binary)`;
    case "newer":
      return `${subject} ${isOne ? "was" : "were"} uploaded after ${dayOrTime(obstacle.cutOffMs)} (exclude-newer)`;
    case "yanked":
      return `${subject} ${isOne ? "was" : "were"} withdrawn by the publisher${obstacle.reason === "" ? "" : `: ${obstacle.reason}`}`;
    case "prerelease":
      return `${subject} ${isOne ? "is a pre-release" : "are pre-releases"}, which the settings exclude`;
    case "environment":
      return `${subject} ${isOne ? "has" : "have"} no wheel for the required environment \`${obstacle.marker}\` and no source distribution`;
    case "build":
      return `${subject} can't be used: ${obstacle.failure.message}`;
    default:
      return `${subject} can't be used: ${obstacle.why}`;
  }
}

const MOST_TAGS = 6;

function detail({ obstacle }: ObstacleGroup): string[] {
  if (obstacle.kind !== "tags" && obstacle.kind !== "no-build") return [];
  const { tags } = obstacle;
  if (tags.length === 0) return [];
  const more = tags.length > MOST_TAGS ? ` and ${tags.length - MOST_TAGS} more` : "";
  return [`its wheels are for ${tags.slice(0, MOST_TAGS).join(", ")}${more}`];
}

/** A cut-off that is a whole day ends with it: `2026-03-01`. */
function dayOrTime(cutOffMs: number): string {
  const [day, time] = new Date(cutOffMs).toISOString().split("T") as [string, string];
  return time === "00:00:00.000Z"
    ? new Date(cutOffMs - 1).toISOString().slice(0, 10)
    : `${day}T${time.replace(".000", "")}`;
}

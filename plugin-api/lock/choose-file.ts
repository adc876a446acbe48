import path from "node:path";
import { pathToFileURL } from "node:url";
import { PybunError } from "../error.ts";
import type { DistributionFile } from "../model/distribution.ts";
import type { Target } from "../model/interpreter.ts";
import type { LockChoice, LockedPackage } from "../model/lock.ts";
import { formatGitUrl } from "../python/git-url.ts";
import { tagScorer } from "../python/tags.ts";
import { parseWheelFilename, tagsOfWheel } from "../python/wheel-filename.ts";
import { byText } from "./canonical.ts";

/** A file that fits, and how well. */
interface Rated {
  readonly file: DistributionFile;
  /** 0 for a source archive. */
  readonly score: number;
  readonly build: readonly [number: number, rest: string];
}

/** Which kinds of file may be taken. */
interface Allowed {
  readonly mayBuild: boolean;
  readonly mayUseWheels: boolean;
}
const ALL: Allowed = { mayBuild: true, mayUseWheels: true };

/**
 * The file of a locked package to install where wheels have these scores (`tagScorer`): the wheel whose tags fit best, among
 * equals the higher build number; a source archive only when no wheel fits. Files that were withdrawn come last.
 */
export function bestFile(
  { files }: Pick<LockedPackage, "files">,
  score: Scorer,
  { mayBuild, mayUseWheels }: Allowed = ALL,
): DistributionFile | undefined {
  const rated = files.flatMap((file): Rated[] => {
    if (file.kind === "sdist") return mayBuild ? [{ file, score: 0, build: [-1, ""] }] : [];
    // Most wheels are for other machines: of those nothing but the tags matters.
    const rating = mayUseWheels ? score(tagsOfWheel(file.filename)) : 0;
    if (rating === 0) return [];
    const { build = [-1, ""] as const } = parseWheelFilename(file.filename);
    return [{ file, score: rating, build }];
  });
  return rated.sort(compareRated)[0]?.file;
}

/** A function that says which file of a locked package to install on a target. It throws `E_LOCK_TARGET` where nothing fits. */
export function fileChooser(target: Target, policy: LockChoice["policy"]): (each: LockedPackage) => DistributionFile {
  const score = tagScorer(target.tags);
  return (each) => {
    if (each.files.length === 0) return treeFile(each);
    const allowed = {
      mayBuild: !isListed(policy?.noBuild, each.name),
      mayUseWheels: !isListed(policy?.noBinary, each.name),
    };
    const isAny = allowed.mayBuild && allowed.mayUseWheels;
    const best = isAny ? bestOnce(each.files, score) : bestFile(each, score, allowed);
    if (best) return best;
    throw nothingFits(each, target, allowed);
  };
}

type Scorer = ReturnType<typeof tagScorer>;
type Files = readonly DistributionFile[];

/** Locks that are made or read one after the other share most of their lists of files, and those are never changed. */
function bestOnce(files: Files, score: Scorer): DistributionFile | undefined {
  let known = bests.get(score);
  if (!known) bests.set(score, (known = new WeakMap()));
  let best = known.get(files);
  if (best === undefined) known.set(files, (best = bestFile({ files }, score) ?? null));
  return best ?? undefined;
}

const bests = new WeakMap<Scorer, WeakMap<Files, DistributionFile | null>>();

const isListed = (names: readonly string[] | undefined, name: string): boolean =>
  names !== undefined && (names.includes(name) || names.includes(":all:"));

/** The better one first. */
const compareRated = (a: Rated, b: Rated): number =>
  Number(a.file.isYanked) - Number(b.file.isYanked) ||
  b.score - a.score ||
  b.build[0] - a.build[0] ||
  byText(b.build[1], a.build[1]) ||
  Number(b.file.filename.endsWith(".tar.gz")) - Number(a.file.filename.endsWith(".tar.gz")) ||
  byText(a.file.filename, b.file.filename);

/** What stands for a source tree among files, as whoever finds such trees names it. */
function treeFile({ name, version, source }: LockedPackage): DistributionFile {
  const rest = { kind: "sdist", isYanked: false, hasMetadataFile: false } as const;
  if (source.kind === "git") {
    const url = formatGitUrl({ ...source, reference: source.commit });
    return { filename: `${name}-${source.commit.slice(0, 12)}`, url, ...rest };
  }
  if (source.kind === "path" || source.kind === "member")
    return { filename: path.basename(source.path), url: pathToFileURL(source.path).href, ...rest };
  throw new PybunError("E_LOCK_INVALID", `the lock is damaged: ${name} ${version} has no files`);
}

function nothingFits({ name, version, files }: LockedPackage, target: Target, allowed: Allowed): PybunError {
  const sdists = files.filter(({ kind }) => kind === "sdist");
  const why =
    sdists.length > 0 && !allowed.mayBuild
      ? "no wheel that fits, and may not be built"
      : allowed.mayUseWheels
        ? "no wheel that fits, and no source distribution"
        : "no source distribution, and its wheels may not be used";
  return new PybunError("E_LOCK_TARGET", `${name} ${version} has ${why}: ${describeTarget(target)}`, {
    evidence: files.slice(0, 12).map(({ filename }) => filename),
    hints: ["choose another Python with `--python`, or name this platform in `required-environments` and lock again"],
    context: { name, version, files: files.map(({ filename }) => filename) },
  });
}

/** `CPython 3.12 on linux x86_64`. */
export const describeTarget = ({ markers, tags }: Target): string =>
  `${markers.platform_python_implementation} ${tags.python.join(".")} on ${tags.os} ${tags.arch}`;

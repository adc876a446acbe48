import { PybunError } from "../error.ts";
import type { Target } from "../model/interpreter.ts";
import type { PackageName } from "../model/requirement.ts";
import { evaluateMarker, markerProblem } from "./marker.ts";
import type { Pylock, PylockArchive, PylockDirectory, PylockFile, PylockPackage, PylockVcs } from "./pylock.ts";
import { parseSpecifier, satisfies } from "./specifier.ts";
import { tagScorer } from "./tags.ts";
import { parseWheelFilename } from "./wheel-filename.ts";

/** What of a standard lock is to be installed. */
export interface PylockChoice {
  readonly extras?: readonly string[];
  /** The lock's default groups when absent; an empty list is none at all. */
  readonly dependencyGroups?: readonly string[];
  /** Packages to take as sdist where there is one. */
  readonly prefersSdist?: (name: PackageName) => boolean;
}

/** An entry of the lock and the one thing of it to install. */
export interface PylockSelection {
  readonly package: PylockPackage;
  readonly pick:
    | { readonly kind: "wheel" | "sdist"; readonly file: PylockFile }
    | PylockVcs
    | PylockDirectory
    | PylockArchive;
}

/**
 * What to install from a standard lock for a target, in the lock's order (PEP 751, "Installation"). Throws `E_LOCK_TARGET`
 * where the lock does not hold for the target, names a package twice for it, or has no file that fits.
 */
export function selectPylock(
  pylock: Pylock,
  target: Target,
  { extras = [], dependencyGroups = pylock.defaultGroups, prefersSdist = () => false }: PylockChoice = {},
): readonly PylockSelection[] {
  checkTarget(pylock, target);
  const activated = { extras, dependencyGroups };
  const chosen = new Map<PackageName, PylockPackage>();
  for (const entry of pylock.packages) {
    const problem = markerProblem(entry.marker, target.markers, activated);
    if (problem !== undefined)
      throw unsuitable(`the marker of \`${entry.name}\` makes a comparison without a meaning: \`${problem}\``);
    if (!evaluateMarker(entry.marker, target.markers, activated)) continue;
    if (!isPythonIn(entry.requiresPython, target))
      throw unsuitable(`\`${shown(entry)}\` requires Python ${entry.requiresPython}, which ${target.python} is not`);
    if (chosen.has(entry.name)) throw unsuitable(`two entries of \`${entry.name}\` apply at once`);
    chosen.set(entry.name, entry);
  }
  const score = tagScorer(target.tags);
  return [...chosen.values()].map((entry) => ({ package: entry, pick: pickOf(entry, score, prefersSdist) }));
}

function checkTarget({ requiresPython, environments }: Pylock, target: Target): void {
  if (!isPythonIn(requiresPython, target))
    throw unsuitable(`the lock is for Python ${requiresPython}, which ${target.python} is not`);
  if (environments.length > 0 && !environments.some((marker) => evaluateMarker(marker, target.markers)))
    throw unsuitable("the lock is for other environments than this one", environments);
}

/** A build from a checkout calls itself `3.13.0+`, which is no version. */
const isPythonIn = (specifier: string, { markers }: Target): boolean =>
  satisfies(parseSpecifier(specifier), markers.python_full_version.replace(/\+$/, "+local"));

function pickOf(
  entry: PylockPackage,
  score: (tags: string) => number,
  prefersSdist: (name: PackageName) => boolean,
): PylockSelection["pick"] {
  const { source } = entry;
  if (source.kind !== "files") return source;
  const { sdist, wheels } = source;
  const wheel = sdist && prefersSdist(entry.name) ? undefined : bestWheel(wheels, score);
  if (wheel) return { kind: "wheel", file: wheel };
  if (sdist) return { kind: "sdist", file: sdist };
  throw unsuitable(
    `\`${shown(entry)}\` has no wheel for this environment, and no source distribution`,
    wheels.map(({ filename }) => filename),
  );
}

function bestWheel(wheels: readonly PylockFile[], score: (tags: string) => number): PylockFile | undefined {
  let best: PylockFile | undefined;
  let highest = 0;
  for (const wheel of wheels) {
    const rating = score(parseWheelFilename(wheel.filename).tags);
    if (rating > highest) [best, highest] = [wheel, rating];
  }
  return best;
}

const shown = ({ name, version }: PylockPackage): string => (version === undefined ? name : `${name} ${version}`);

const unsuitable = (message: string, evidence: readonly string[] = []): PybunError =>
  new PybunError("E_LOCK_TARGET", message, { ...(evidence.length > 0 && { evidence: evidence.slice(0, 12) }) });

import { InvalidSyntax } from "../../plugin-api/error.ts";
import type { Target } from "../../plugin-api/model/interpreter.ts";
import { parseSpecifier, type Specifier } from "../../plugin-api/python/specifier.ts";
import { compatibleTags, tagScorer } from "../../plugin-api/python/tags.ts";
import { versionKey } from "../../plugin-api/python/version-key.ts";

/** What a file must fit: computed once per solve. */
export interface Fit {
  /** 0 when a wheel with these tags can't be installed, else the higher the better. */
  scoreTags(compressedTags: string): number;
  /**
   * Whether a wheel with these tags is for the Python that is asked about, on whatever platform. Missing where all platforms are
   * asked about: then `scoreTags` says it.
   */
  isForPython?(compressedTags: string): boolean;
  /** Whether a `Requires-Python` lets the release be installed. */
  allowsPython(requiresPython: string): boolean;
  /**
   * What wheels with these tags require of Python between them, such as `>=3.10`, if they have nothing for the lowest one
   * that is asked about. Missing where it is one Python that is asked about: then the tags fit it or they don't.
   */
  boundByWheels?(tags: readonly string[]): string | undefined;
  readonly words: FitWords;
}

/** How messages name what files must fit. */
export interface FitWords {
  /** After `no wheel for`: `CPython 3.12 on linux x86_64`. */
  readonly platform: string;
  /** After `requires Python >=3.13, but`: `this is Python 3.12.1`. */
  readonly python: string;
  /** What to do about a release that is for newer Pythons. */
  readonly usePython: (requiresPython: string) => string;
}

/** `CPython 3.12 on linux x86_64`: the target as messages name it. */
export function describeTarget({ markers, tags }: Target): string {
  return `${markers.platform_python_implementation} ${tags.python.join(".")} on ${tags.os} ${tags.arch}`;
}

const fits = new Map<string, Fit>();
const MOST_FITS = 20;

/** One for all questions about the same interpreter: what was found by it holds in each of them. */
export function fitOf(target: Target): Fit {
  const { python, tags, markers } = target;
  const key = JSON.stringify([python, tags, markers.platform_python_implementation]);
  let fit = fits.get(key);
  if (!fit) {
    fit = newFit(target);
    if (fits.size >= MOST_FITS) fits.clear();
    fits.set(key, fit);
  }
  return fit;
}

function newFit(target: Target): Fit {
  const answers = new Map<string, boolean>([["", true]]);
  const score = tagScorer(target.tags);
  const [mostSpecific = ""] = compatibleTags(target.tags);
  const platform = mostSpecific.slice(mostSpecific.lastIndexOf("-"));
  return {
    words: {
      platform: describeTarget(target),
      python: `this is Python ${target.python}`,
      usePython: (requiresPython) => `use another Python: \`--python "${requiresPython}"\``,
    },
    scoreTags: (tags) => (isForeign(tags, target) ? 0 : score(tags)),
    isForPython: (tags) => score(tags.slice(0, tags.lastIndexOf("-")) + platform) > 0,
    allowsPython(requiresPython) {
      let answer = answers.get(requiresPython);
      if (answer === undefined) answers.set(requiresPython, (answer = allows(requiresPython, target.python)));
      return answer;
    },
  };
}

/** Most wheels of a release are for other machines, which their names show without being taken apart. */
function isForeign(tags: string, { tags: { os, arch } }: Target): boolean {
  return os === "linux" && !tags.endsWith("-any") && !tags.includes(arch);
}

/**
 * An upper bound is a guess about Pythons that did not exist yet, so it does not exclude a newer one: taking a release
 * from before such bounds were usual would be worse. It does exclude the next major version, which is known to differ.
 */
function allows(requiresPython: string, python: string): boolean {
  const specifier = parsed(requiresPython);
  if (!specifier) return true;
  const { bounds } = specifier;
  // Packages do not expect to be refused by a release candidate of the Python they support.
  const release = /^\d+(?:\.\d+)*/.exec(python)?.[0] ?? python;
  const key = versionKey(release) ?? "";
  for (let i = 0; i < bounds.length; i += 2) {
    if (key < bounds[i]!) return false;
    if (key < bounds[i + 1]!) return true;
  }
  const end = bounds.at(-1);
  return end !== undefined && end > (versionKey(`${release.split(".", 1)[0]}.dev0`) ?? "");
}

/** What can't be read is ignored, as pip does: many old releases have such a field. */
function parsed(requiresPython: string): Specifier | undefined {
  try {
    return parseSpecifier(requiresPython);
  } catch (error) {
    if (error instanceof InvalidSyntax) return undefined;
    throw error;
  }
}

import { ALWAYS, and, type MarkerSet, NEVER, not, or } from "../../../plugin-api/python/marker-algebra.ts";
import { cachedByText } from "../../../plugin-api/python/text-cache.ts";
import type { Candidates } from "../candidates.ts";
import { placeOf, pythonsOf } from "./places.ts";

// Markers and tags have no exact translation: no marker tells glibc from musl, or a 32-bit Python on a 64-bit system. So
// there are two answers: where a wheel is meant to be installed, and where it can't be excluded that it is.

interface System {
  readonly tag: RegExp;
  readonly sys: string;
  /** By the machine in the tag: what `platform_machine` is, and what else it may be. */
  readonly machines: Readonly<Record<string, readonly [meant: readonly string[], possible?: readonly string[]]>>;
}

const MAC = ["x86_64", "arm64"];
const SYSTEMS: readonly System[] = [
  {
    tag: /^(?:linux|manylinux\d+|manylinux_\d+_\d+|musllinux_\d+_\d+)_(.+)$/,
    sys: "linux",
    machines: {
      i686: [["i686"], ["i686", "i586", "i386", "x86_64"]],
      armv6l: [["armv6l"], ["armv6l", "armv7l", "armv8l", "aarch64"]],
      armv7l: [["armv7l"], ["armv7l", "armv8l", "aarch64"]],
    },
  },
  {
    tag: /^macosx_\d+_\d+_(.+)$/,
    sys: "darwin",
    machines: {
      universal2: [MAC],
      universal: [["x86_64"], MAC],
      intel: [["x86_64"]],
      fat64: [["x86_64"]],
      fat32: [["x86_64"]],
      fat: [["x86_64"]],
      i386: [["i386"], ["i386", "x86_64"]],
    },
  },
  {
    tag: /^win_?(32|.+)$/,
    sys: "win32",
    machines: { 32: [["x86"], ["x86", "AMD64", "ARM64"]], amd64: [["AMD64"]], arm64: [["ARM64"]] },
  },
];

export const PLATFORMS: readonly MarkerSet[] = ["darwin", "linux", "win32"].map((sys) =>
  placeOf(`sys_platform == "${sys}"`),
);

/** Where a wheel with these tags is meant to be installed. */
export const meantFor: (compressedTags: string) => MarkerSet = cachedByText((tags) =>
  and(pythonsFor(tags), meantOn(platformsIn(tags))),
);

/** A set outside of which a wheel with these tags can't be installed: what `pythonsFor` and `possibleOn` have in common. */
export const possibleFor = (compressedTags: string): MarkerSet =>
  and(pythonsFor(compressedTags), possibleOn(compressedTags));

/** As `possibleFor`, whatever Pythons it is for. */
export const possibleOn = (compressedTags: string): MarkerSet => possibleOnAny(platformsIn(compressedTags));

/** The Pythons for which a wheel with these tags is. */
export const pythonsFor: (compressedTags: string) => MarkerSet = cachedByText((tags) =>
  interpretersFor(tags.slice(0, tags.lastIndexOf("-")).toLowerCase()),
);

// Files have many different tags, made of few parts.
const interpretersFor = cachedByText((text): MarkerSet => {
  const [pythons = "", abis = ""] = text.split("-");
  const all = abis.split(".");
  return or(...pythons.split(".").map((python) => interpreterCoverage(python, all)));
});

const platformsIn = (tags: string): string => tags.slice(tags.lastIndexOf("-") + 1);
const meantOn = cachedByText((platforms) => or(...platforms.split(".").map((tag) => platformCoverage(tag, false))));
const possibleOnAny = cachedByText((platforms) => or(...platforms.split(".").map(possibleOnOne)));
const possibleOnOne = cachedByText((platform) => platformCoverage(platform, true));

function platformCoverage(tag: string, isGenerous: boolean): MarkerSet {
  if (tag.toLowerCase() === "any") return ALWAYS;
  for (const { tag: pattern, sys, machines } of SYSTEMS) {
    const machine = pattern.exec(tag)?.[1];
    if (machine === undefined) continue;
    const [meant, possible] = Object.hasOwn(machines, machine) ? machines[machine]! : [[machine]];
    const texts = (isGenerous ? possible : undefined) ?? meant;
    return and(
      placeOf(`sys_platform == "${sys}"`),
      or(...texts.map((text) => placeOf(`platform_machine == "${text}"`))),
    );
  }
  return isGenerous ? not(or(...PLATFORMS)) : NEVER;
}

const IMPLEMENTATIONS: Readonly<Record<string, string>> = { cp: "CPython", pp: "PyPy", graalpy: "GraalVM" };

/** What an interpreter calls its ABIs, beside `none`. */
const ABIS: Readonly<Record<string, RegExp>> = {
  py: /^$/,
  cp: /^(?:cp\d|abi3)/,
  pp: /^(?:pypy|pp)/,
  graalpy: /^graalpy/,
};

function interpreterCoverage(tag: string, abis: readonly string[]): MarkerSet {
  const match = /^([a-z]+)(\d)(\d*)/.exec(tag);
  if (!match) return NEVER;
  const [, name, major, minor] = match as unknown as [string, string, string, string];
  // Jython, IronPython and what else there was: none of them has come to a Python that is in use.
  if (!Object.hasOwn(ABIS, name) || !abis.some((abi) => abi === "none" || ABIS[name]!.test(abi))) return NEVER;
  // Nobody knows yet what a Python 4 will take.
  if (name === "py") return pythonsOf(major === "2" ? "==2.*" : `>=${major}.${minor || "0"}`);
  const ofImplementation = placeOf(`platform_python_implementation == "${IMPLEMENTATIONS[name]}"`);
  const isStable = abis.some((abi) => abi === "abi3" || abi === "abi3t");
  if (minor === "") return and(ofImplementation, pythonsOf(`==${major}.*`));
  return and(ofImplementation, pythonsOf(isStable ? `>=${major}.${minor}` : `==${major}.${minor}.*`));
}

/** Where the files of a release are for, as `covers` has it of tags; everywhere when it may be built. */
export function coverageOf(
  { releases, policy }: Candidates,
  rank: number,
  covers: (compressedTags: string) => MarkerSet = meantFor,
): MarkerSet {
  const places: MarkerSet[] = [];
  for (const { page, first, end } of releases.parts(rank)) {
    for (let row = first; row < end; row++) {
      const tag = page.tagIndex(row);
      if (tag >= 0 && policy.isBinaryAllowed) places.push(covers(page.tag(tag)));
      if (tag < 0 && policy.isBuildAllowed) return ALWAYS;
    }
  }
  return or(...places);
}

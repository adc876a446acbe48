import { BEYOND_KEYS, LOWEST_KEY, nextNumber, numberKey, releaseKey, startOfRelease } from "./version-key.ts";

// A line of versions on which only those lie that interpreters have: three numbers, and pre-releases of `3.9.0` but not of
// later patches. Between neighbours nothing lies, so that `> 3.9.1` and `>= 3.9.2` are the same set, and have the same points.

/** A pre-release's place among those of its release: key of the phase and number (PEP 440). */
interface Prerelease {
  /** `a`, `b` or `rc`. */
  readonly phase: string;
  readonly number: string;
}

/**
 * A cut through the line of interpreters' versions. `start`: before the first pre-release of a release; `final`: before its
 * final version; a pre-release: before that.
 */
export interface VersionPoint {
  /** Major, minor and patch, as digits. The patch is 0 unless it is `final`. */
  readonly release: readonly [major: string, minor: string, patch: string];
  readonly at: "start" | "final" | Prerelease;
}

const PHASES = ["a", "b", "rc"];

interface TakenApart {
  readonly numbers: readonly string[];
  /** What follows epoch and release in the key. */
  readonly suffix: string;
}

/** A number at the start of a key's part, and where it ends. */
function readNumber(key: string, at: number): readonly [digits: string, end: number] {
  const code = key.charCodeAt(at);
  if (code < 0x90) return [String(code - 0x10), at + 1];
  if (code < 0xfe) return [key.slice(at + 1, at + 1 + code - 0x90), at + 1 + code - 0x90];
  const [length, start] = readNumber(key, at + 1);
  return [key.slice(start, start + Number(length)), start + Number(length)];
}

function takeApart(key: string): TakenApart {
  const numbers: string[] = [];
  let at = 0;
  while (at < key.length && key.charCodeAt(at) >= 0x10) {
    const [digits, end] = readNumber(key, at);
    numbers.push(digits);
    at = end;
  }
  return { numbers, suffix: key.slice(at) };
}

/** The point of a key that `ceilingPoint` or `ceilingMinor` gave. */
export function readPoint(key: string): VersionPoint {
  const { numbers, suffix } = takeApart(key);
  const [, major = "0", minor = "0", patch = "0"] = numbers;
  const code = suffix.charCodeAt(0);
  const at =
    code === 1 ? "start" : code === 5 ? "final" : { phase: PHASES[code - 2]!, number: readNumber(suffix, 1)[0] };
  return { release: [major, minor, patch], at };
}

/** Key of a final version. */
const finalKey = (...release: readonly string[]): string => `${releaseKey("0", release)}\x05`;

/** Key of the lowest point that is not below a key; `BEYOND_KEYS` when there is none. */
export function ceilingPoint(key: string): string {
  if (key <= LOWEST_KEY) return LOWEST_KEY;
  if (key >= "\x11") return BEYOND_KEYS;
  const { numbers, suffix } = takeApart(key);
  const [, major = "0", minor = "0", patch = "0"] = numbers;
  if (numbers.length > 4 || suffix > "\x05") return finalKey(major, minor, nextNumber(patch));
  if (suffix === "\x05" || patch !== "0") return finalKey(major, minor, patch);
  return releaseKey("0", [major, minor]) + (suffix.startsWith("\x01") ? "\x01\x10" : ceilingPrerelease(suffix));
}

function ceilingPrerelease(suffix: string): string {
  const [number, end] = readNumber(suffix, 1);
  const tail = suffix.slice(end);
  const ceiling = tail === "\x05" || tail.startsWith("\x01") ? number : nextNumber(number);
  return ceiling === "0" && suffix.startsWith("\x02") ? "\x01\x10" : `${suffix[0]}${numberKey(ceiling)}\x05`;
}

/** As `ceilingPoint`, where of a version only major and minor are looked at: where the first `3.9` begins that is not below. */
export function ceilingMinor(key: string): string {
  if (key <= LOWEST_KEY) return LOWEST_KEY;
  if (key >= "\x11") return BEYOND_KEYS;
  const { numbers, suffix } = takeApart(key);
  const [, major = "0", minor = "0"] = numbers;
  const isPassed = numbers.length > 3 || suffix > "\x05";
  return startOfRelease("0", [major, isPassed ? nextNumber(minor) : minor]);
}

/** The point at which the first pre-release of a point's release is, if it has pre-releases at all. */
export function startOfPoint(key: string): string {
  const { numbers } = takeApart(key);
  const [, major = "0", minor = "0", patch = "0"] = numbers;
  return key === LOWEST_KEY || key === BEYOND_KEYS || patch !== "0" ? key : startOfRelease("0", [major, minor]);
}

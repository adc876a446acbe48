import { stripWhiteSpace } from "./white-space.ts";

// A version becomes one latin1 string whose code-unit order is the order of PEP 440, so that whatever follows compares
// strings and parses nothing twice:
//
//   key     = number(epoch) number(release)+ suffix local*      (trailing zeros of the release dropped)
//   suffix  = 01 number | (02|03|04) number tail | 05 | 06 number (01 number | 05)
//   tail    = 01 number | 05 | 06 number (01 number | 05)
//             01 dev, 02 a, 03 b, 04 rc, 05 end, 06 post
//   local   = 01 text 00 | 02 number
//   number  = one byte 10..8f below 128, else a byte that counts the digits and the digits
//
// Numbers never hold a byte below 10, so the first such byte begins the suffix.

const DEV = "\x01";
const END = "\x05";
const POST = "\x06";
const PHASES = { a: "\x02", b: "\x03", rc: "\x04" } as const;

/** A pre-release's phase in normal spelling (PEP 440). */
export type Phase = keyof typeof PHASES;

/** A version taken apart (PEP 440). Numbers are digits without leading zeros, of any length. */
export interface VersionParts {
  readonly epoch: string;
  readonly release: readonly string[];
  readonly pre: readonly [phase: Phase, number: string] | undefined;
  readonly post: string | undefined;
  readonly dev: string | undefined;
  /** Lower case, separated by dots, numbers without leading zeros. */
  readonly local: string | undefined;
}

/** Key of `0.dev0`, the lowest version there is. */
export const LOWEST_KEY = "\x10\x10\x01\x10";
/** Above the key of every version. */
export const BEYOND_KEYS = "\xff";

const VERSION =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[._-]?(alpha|a|beta|b|preview|pre|c|rc)[._-]?(\d*))?(?:-(\d+)|[._-]?(?:post|rev|r)[._-]?(\d*))?(?:[._-]?dev[._-]?(\d*))?(?:\+([a-z0-9]+(?:[._-][a-z0-9]+)*))?$/i;

const SPELLINGS: Readonly<Record<string, Phase>> = {
  a: "a",
  alpha: "a",
  b: "b",
  beta: "b",
  c: "rc",
  rc: "rc",
  pre: "rc",
  preview: "rc",
};

const trimNumber = (digits: string): string => {
  if (digits.charCodeAt(0) !== 48) return digits === "" ? "0" : digits;
  return digits.replace(/^0+(?=\d)/, "");
};

/** Takes a version apart (PEP 440, with all its tolerated spellings); undefined when it is none. */
export function versionParts(text: string): VersionParts | undefined {
  const match = VERSION.exec(stripWhiteSpace(text));
  if (match === null) return undefined;
  const [, epoch, release, phase, phaseNumber, dashPost, wordPost, dev, local] = match;
  const post = dashPost ?? wordPost;
  return {
    epoch: epoch === undefined ? "0" : trimNumber(epoch),
    release: release!.split(".").map(trimNumber),
    pre: phase === undefined ? undefined : [SPELLINGS[phase.toLowerCase()]!, trimNumber(phaseNumber!)],
    post: post === undefined ? undefined : trimNumber(post),
    dev: dev === undefined ? undefined : trimNumber(dev),
    local: local?.toLowerCase().split(/[._-]/).map(localLabel).join("."),
  };
}

const localLabel = (label: string): string => (/^\d+$/.test(label) ? trimNumber(label) : label);

/** A number of any length, given as digits without leading zeros, so that code-unit order is numeric order. */
export function numberKey(digits: string): string {
  const { length } = digits;
  if (length < 3 || (length === 3 && digits < "128")) return String.fromCharCode(0x10 + Number(digits));
  return length < 0x6e ? String.fromCharCode(0x90 + length) + digits : `\xfe${numberKey(String(length))}${digits}`;
}

/** The first part of a key: epoch and release. A prefix of the keys of all versions of that release. */
export function releaseKey(epoch: string, release: readonly string[]): string {
  let end = release.length;
  while (end > 1 && release[end - 1] === "0") end--;
  let key = numberKey(epoch);
  for (let i = 0; i < end; i++) key += numberKey(release[i]!);
  return key;
}

/** Key of a version's parts; with `local` left out, that of the public version. */
export function partsKey(parts: VersionParts): string {
  const { pre, post, dev, local } = parts;
  let key = releaseKey(parts.epoch, parts.release);
  if (pre !== undefined) key += PHASES[pre[0]] + numberKey(pre[1]);
  if (post !== undefined) key += POST + numberKey(post);
  key += dev === undefined ? END : DEV + numberKey(dev);
  if (local === undefined) return key;
  for (const label of local.split("."))
    key += /^\d/.test(label) && /^\d+$/.test(label) ? `\x02${numberKey(label)}` : `\x01${label}\0`;
  return key;
}

/**
 * Key of a version: a latin1 text whose code-unit order is the order of PEP 440; equal versions (`1.0`, `1.0.0`) have
 * equal keys. Undefined when the text is no version.
 */
export function versionKey(text: string): string | undefined {
  let key = "\x10";
  let zeros = 0;
  let start = 0;
  const { length } = text;
  for (let i = 0; i <= length; i++) {
    const code = i < length ? text.charCodeAt(i) : 46;
    if (code >= 48 && code <= 57) continue;
    if (code !== 46 || i === start) return slowKey(text);
    const value = i - start === 1 ? text.charCodeAt(start) - 48 : Number(text.slice(start, i));
    if (value === 0 && start > 0) zeros++;
    else {
      if (value > 1e15) return slowKey(text);
      for (; zeros > 0; zeros--) key += "\x10";
      key += value < 128 ? String.fromCharCode(0x10 + value) : numberKey(String(value));
    }
    start = i + 1;
  }
  return key + END;
}

function slowKey(text: string): string | undefined {
  const parts = versionParts(text);
  return parts && partsKey(parts);
}

/** Whether the key belongs to a pre-release or development release (PEP 440, "Handling of pre-releases"). */
export function isPrereleaseKey(key: string): boolean {
  let i = 0;
  while (key.charCodeAt(i) >= 0x10) i++;
  const first = key.charCodeAt(i);
  if (first !== 6) return first < 5;
  i++;
  while (key.charCodeAt(i) >= 0x10) i++;
  return key.charCodeAt(i) === 1;
}

/** Key of the lowest version of a release, its `.dev0`: where `==1.2.*` begins. */
export const startOfRelease = (epoch: string, release: readonly string[]): string =>
  `${releaseKey(epoch, release)}${DEV}\x10`;

/** The number after this one, both as digits. */
export const nextNumber = (digits: string): string =>
  digits.length < 15 ? String(Number(digits) + 1) : String(BigInt(digits) + 1n);

/**
 * Lowest key above a version and its local versions: where `>` begins and `<=` ends. Always the key of a real version, so
 * that an interval is empty exactly when its ends meet.
 */
export function keyAfterLocals(parts: VersionParts): string {
  const { post, dev } = parts;
  if (dev !== undefined) return partsKey({ ...parts, dev: nextNumber(dev), local: undefined });
  return partsKey({ ...parts, post: post === undefined ? "0" : nextNumber(post), dev: "0", local: undefined });
}

/** Lowest key above a version, its local versions and its post-releases (PEP 440, "Exclusive ordered comparison"). */
export function keyAfterPosts(parts: VersionParts): string {
  const { pre } = parts;
  // Between the last post-release of 1.0 and any later release lies another one (1.0.0.1), so no real version is lowest.
  if (pre === undefined) return `${releaseKey(parts.epoch, parts.release)}\x07`;
  return partsKey({ ...parts, pre: [pre[0], nextNumber(pre[1])], post: undefined, dev: "0", local: undefined });
}

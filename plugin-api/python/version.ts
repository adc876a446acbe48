import { InvalidSyntax } from "../error.ts";
import { cachedByText } from "./text-cache.ts";
import { type Phase, partsKey, type VersionParts, versionParts } from "./version-key.ts";

/** A version (PEP 440). `key` and `normalized` are exact; numbers beyond 2^53 are rounded. */
export interface Version {
  /** As written. */
  readonly text: string;
  /** Code-unit order of keys is the order of versions. */
  readonly key: string;
  /** Normal form: `1.0a1.post2.dev3+local`. */
  readonly normalized: string;
  readonly epoch: number;
  readonly release: readonly number[];
  readonly pre: readonly [phase: Phase, number: number] | undefined;
  readonly post: number | undefined;
  readonly dev: number | undefined;
  readonly local: string | undefined;
}

const toNumber = (digits: string | undefined): number | undefined =>
  digits === undefined ? undefined : Number(digits);

function readVersion(text: string): Version {
  const parts = versionParts(text);
  if (parts === undefined) throw new InvalidSyntax(`\`${text}\` is not a valid version`);
  const { pre } = parts;
  return Object.freeze({
    text,
    key: partsKey(parts),
    normalized: formatParts(parts),
    epoch: Number(parts.epoch),
    release: Object.freeze(parts.release.map(Number)),
    pre: pre && ([pre[0], Number(pre[1])] as const),
    post: toNumber(parts.post),
    dev: toNumber(parts.dev),
    local: parts.local,
  });
}

/** Reads a version in any spelling PEP 440 tolerates. Throws InvalidSyntax. Remembered per text. */
export const parseVersion: (text: string) => Version = cachedByText(readVersion);

const formatBase = (epoch: string, release: readonly string[]): string =>
  (epoch === "0" ? "" : `${epoch}!`) + release.join(".");

function formatParts({ epoch, release, pre, post, dev, local }: VersionParts): string {
  let text = formatBase(epoch, release);
  if (pre !== undefined) text += pre[0] + pre[1];
  if (post !== undefined) text += `.post${post}`;
  if (dev !== undefined) text += `.dev${dev}`;
  return local === undefined ? text : `${text}+${local}`;
}

/** Orders versions; for `sort`. Equal versions in different spellings compare as 0. */
export const compareVersions = (a: Version, b: Version): number => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);

/** Normal form without the local part: `1.0+x` → `1.0`. */
export const publicVersion = (version: Version): string => version.normalized.split("+", 1)[0]!;

/** Epoch and release only: `1!2.0rc1` → `1!2.0`. */
export const baseVersion = (version: Version): string => /^(?:\d+!)?[\d.]*\d/.exec(version.normalized)![0];

/** Normal form without trailing zeros of the release: one text for all spellings of a version. `1.0.0` → `1`. */
export function canonicalVersion(version: Version): string {
  const base = baseVersion(version);
  let end = base.length;
  while (base.endsWith(".0", end)) end -= 2;
  return base.slice(0, end) + version.normalized.slice(base.length);
}

import { InvalidSyntax } from "../error.ts";
import type { PackageName } from "../model/requirement.ts";
import { normalizeName } from "./package-name.ts";
import { cachedByText } from "./text-cache.ts";
import { versionKey } from "./version-key.ts";

/** What a source archive's file name says (PEP 625). */
export interface SdistFilename {
  readonly name: PackageName;
  /** As written in the file name. */
  readonly version: string;
  /** The version's key (see `version.ts`). */
  readonly key: string;
  /** `.tar.gz`, `.zip`, … */
  readonly extension: string;
}

const EXTENSION = /(?:\.tar\.gz|\.zip)$/;
const LEGACY_EXTENSION = /(?:\.tar\.(?:gz|bz2|xz|lzma|Z)|\.zip|\.tgz|\.tbz|\.txz|\.tlz|\.tar)$/;

/**
 * Reads a source archive's file name (PEP 625). Where the package is known, give its `name`: then names from before the
 * standard are understood as well (dashes in the version, other kinds of archive), and another package's file is refused.
 * Throws InvalidSyntax.
 */
export function parseSdistFilename(filename: string, name?: PackageName): SdistFilename {
  const extension = (name === undefined ? EXTENSION : LEGACY_EXTENSION).exec(filename)?.[0];
  if (extension === undefined) throw invalid(filename, "the kind of archive is not known");
  const stem = filename.slice(0, -extension.length);
  const dash = name === undefined ? stem.lastIndexOf("-") : endOfName(stem, name);
  if (dash < 1)
    throw invalid(filename, name === undefined ? "it lacks a version" : `it does not begin with \`${name}-\``);
  const version = stem.slice(dash + 1);
  const key = versionKey(version);
  if (key === undefined) throw invalid(filename, `\`${version}\` is not a valid version`);
  return { name: name ?? normalizeName(stem.slice(0, dash)), version, key, extension };
}

const beginningWith = cachedByText((name) => new RegExp(`^${name.split("-").join("[-_.]+")}-`, "i"));

/** Index of the dash after the name. */
const endOfName = (stem: string, name: PackageName): number => (beginningWith(name).exec(stem)?.[0].length ?? 0) - 1;

const invalid = (filename: string, why: string): InvalidSyntax =>
  new InvalidSyntax(`\`${filename}\` is not a valid source archive name: ${why}`);

import { InvalidSyntax } from "../error.ts";
import type { PackageName } from "../model/requirement.ts";
import { normalizeName } from "./package-name.ts";
import { versionKey } from "./version-key.ts";

/** What a wheel's file name says (PEP 427, PEP 491). */
export interface WheelFilename {
  readonly name: PackageName;
  /** As written in the file name. */
  readonly version: string;
  /** The version's key (see `version.ts`). */
  readonly key: string;
  /** Breaks ties between wheels of one version: number first, then the rest as text. */
  readonly build?: readonly [number: number, rest: string];
  /** Compressed tag set in lower case: `py2.py3-none-any`. */
  readonly tags: string;
}

// The reference implementation takes letters and digits of every script in names, and identifiers as Python tags.
const NAME = /^(?!.*__)[\w.]+$|^(?!.*__)[\p{L}\p{N}_.]+$/u;
const PYTHON_TAGS = /^[a-z_]\w*(?:\.[a-z_]\w*)*$|^[\p{XIDS}_][\p{XIDC}]*(?:\.[\p{XIDS}_][\p{XIDC}]*)*$/iu;
const TAGS = /^[^.]+(?:\.[^.]+)*$/;
const BUILD = /^(\d+)(.*)$/s;

const invalid = (filename: string, why: string): InvalidSyntax =>
  new InvalidSyntax(`\`${filename}\` is not a valid wheel name: ${why}`);

/** Reads a wheel's file name (PEP 427, tags PEP 425). Throws InvalidSyntax that says which part is at fault. */
export function parseWheelFilename(filename: string): WheelFilename {
  if (!filename.endsWith(".whl")) throw invalid(filename, "it does not end in .whl");
  const parts = filename.slice(0, -4).split("-");
  if (parts.length !== 5 && parts.length !== 6) throw invalid(filename, "it needs five or six parts between dashes");
  const [python, abi, platform] = parts.slice(-3) as [string, string, string];
  if (!NAME.test(parts[0]!)) throw invalid(filename, "the package name is malformed");
  const version = parts[1]!;
  const key = versionKey(version);
  if (key === undefined) throw invalid(filename, `\`${version}\` is not a valid version`);
  if (!PYTHON_TAGS.test(python) || !TAGS.test(abi) || !TAGS.test(platform))
    throw invalid(filename, "a tag is malformed");
  const build = parts.length === 6 ? BUILD.exec(parts[2]!) : undefined;
  if (build === null) throw invalid(filename, "the build number does not begin with a digit");
  const result = { name: normalizeName(parts[0]!), version, key, tags: `${python}-${abi}-${platform}`.toLowerCase() };
  return build === undefined ? result : { ...result, build: [Number(build[1]), build[2]!] };
}

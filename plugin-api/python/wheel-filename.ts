import { InvalidSyntax } from "../error.ts";
import type { PackageName } from "../model/requirement.ts";
import { normalizeName } from "./package-name.ts";
import { cachedByText } from "./text-cache.ts";
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
const ASCII_NAME = /^[A-Za-z0-9_.]+$/;
const NAME = /^[\p{L}\p{N}_.]+$/u;
const PYTHON = /^[\p{XIDS}_][\p{XIDC}]*$/u;
const ASCII_TAGS = /^[a-z_]\w*(?:\.[a-z_]\w*)*-\w+(?:\.\w+)*-\w+(?:\.\w+)*$/;
const BUILD = /^(\d+)(.*)$/s;

const invalid = (filename: string, why: string): InvalidSyntax =>
  new InvalidSyntax(`\`${filename}\` is not a valid wheel name: ${why}`);

interface Checked<T extends string> {
  /** Undefined when malformed. */
  readonly value: T | undefined;
}

// A page has few names and tag sets and many files.
const nameOf = cachedByText((text): Checked<PackageName> => {
  const isName = (ASCII_NAME.test(text) || NAME.test(text)) && !text.includes("__");
  return { value: isName ? normalizeName(text) : undefined };
});

const tagsOf = cachedByText((text): Checked<string> => {
  const tags = text.toLowerCase();
  if (ASCII_TAGS.test(tags)) return { value: tags };
  const parts = tags.split("-").map((part) => part.split("."));
  const isValid = parts.every((part) => !part.includes("")) && parts[0]!.every((python) => PYTHON.test(python));
  return { value: isValid ? tags : undefined };
});

let last: { readonly version: string; readonly key: string | undefined } = { version: "", key: undefined };
/** The files of a release stand together on a page. */
function keyOf(version: string): string | undefined {
  if (last.version !== version) last = { version, key: versionKey(version) };
  return last.key;
}

/** Where the tags of a wheel's name begin. */
function tagsStart(filename: string): number {
  const platform = filename.lastIndexOf("-");
  return filename.lastIndexOf("-", filename.lastIndexOf("-", platform - 1) - 1) + 1;
}

/** The compressed tags, in lower case, of a name that `parseWheelFilename` takes. */
export const tagsOfWheel = (filename: string): string => filename.slice(tagsStart(filename), -4).toLowerCase();

/** Reads a wheel's file name (PEP 427, tags PEP 425). Throws InvalidSyntax that says which part is at fault. */
export function parseWheelFilename(filename: string): WheelFilename {
  if (!filename.endsWith(".whl")) throw invalid(filename, "it does not end in .whl");
  const tagsAt = tagsStart(filename);
  const head = filename.slice(0, Math.max(0, tagsAt - 1)).split("-");
  if (head.length !== 2 && head.length !== 3) throw invalid(filename, "it needs five or six parts between dashes");
  const [writtenName, version, writtenBuild] = head as [string, string, string?];
  const { value: name } = nameOf(writtenName);
  if (name === undefined) throw invalid(filename, "the package name is malformed");
  const key = keyOf(version);
  if (key === undefined) throw invalid(filename, `\`${version}\` is not a valid version`);
  const { value: tags } = tagsOf(filename.slice(tagsAt, -4));
  if (tags === undefined) throw invalid(filename, "a tag is malformed");
  if (writtenBuild === undefined) return { name, version, key, tags };
  const build = BUILD.exec(writtenBuild);
  if (build === null) throw invalid(filename, "the build number does not begin with a digit");
  return { name, version, key, build: [Number(build[1]), build[2]!], tags };
}

import { InvalidSyntax } from "../error.ts";
import { nearest } from "../nearest.ts";
import { normalizeName } from "./package-name.ts";
import { shellWords } from "./requirements-file-text.ts";

/** An option as it stands in a requirements file: its long name without dashes, and its value; empty for a flag. */
export interface WrittenOption {
  readonly name: string;
  readonly value: string;
}

/** What the options of requirements files add up to; later lines go on where earlier ones ended, as in pip. */
export interface RequirementsOptions {
  readonly indexUrl?: string;
  readonly extraIndexUrls: readonly string[];
  readonly noIndex: boolean;
  /** Absolute paths, and URLs. */
  readonly findLinks: readonly string[];
  /** Normal names, or `:all:` alone. */
  readonly noBinary: readonly string[];
  readonly onlyBinary: readonly string[];
  readonly prefersBinary: boolean;
  /** Undefined where no line says so; any `--hash` then asks for hashes of all. */
  readonly requiresHashes?: boolean;
  readonly allowsPrereleases: boolean;
  /** Packages whose pre-releases are wanted, or not: normal names, or `:all:` alone. */
  readonly allReleases: readonly string[];
  readonly onlyFinal: readonly string[];
  readonly trustedHosts: readonly string[];
  readonly features: readonly string[];
}

export const NO_OPTIONS: RequirementsOptions = Object.freeze({
  extraIndexUrls: [],
  noIndex: false,
  findLinks: [],
  noBinary: [],
  onlyBinary: [],
  prefersBinary: false,
  allowsPrereleases: false,
  allReleases: [],
  onlyFinal: [],
  trustedHosts: [],
  features: [],
});

/** Where an option may stand: on a line of its own, behind a requirement, or as the line itself. */
type Place = "line" | "requirement" | "both" | "subject";
interface KnownOption {
  readonly place: Place;
  readonly takesValue: boolean;
}
const value = { place: "line", takesValue: true } as const;
const flag = { place: "line", takesValue: false } as const;
const KNOWN: Readonly<Record<string, KnownOption>> = {
  "index-url": value,
  "extra-index-url": value,
  "no-index": flag,
  "find-links": value,
  "no-binary": value,
  "only-binary": value,
  "prefer-binary": flag,
  "require-hashes": flag,
  "no-require-hashes": flag,
  pre: flag,
  "all-releases": value,
  "only-final": value,
  "trusted-host": value,
  "use-feature": value,
  requirement: { place: "subject", takesValue: true },
  constraint: { place: "subject", takesValue: true },
  editable: { place: "subject", takesValue: true },
  hash: { place: "requirement", takesValue: true },
  "config-settings": { place: "requirement", takesValue: true },
};
const ALIASES: Readonly<Record<string, string>> = {
  "-i": "index-url",
  "--pypi-url": "index-url",
  "-f": "find-links",
  "-r": "requirement",
  "-c": "constraint",
  "-e": "editable",
  "-C": "config-settings",
  "--config-setting": "config-settings",
};

/** Reads the options of a line: `--name value`, `--name=value`, `-r value`, `-rvalue`. Throws InvalidSyntax. */
export function readOptions(text: string): readonly WrittenOption[] {
  const words = shellWords(text);
  const found: WrittenOption[] = [];
  for (let at = 0; at < words.length; at++) {
    const { name, attached, spelled } = splitOption(words[at]!);
    const known = KNOWN[name];
    if (known === undefined) throw unknownOption(spelled);
    if (!known.takesValue && attached !== undefined) throw new InvalidSyntax(`\`${spelled}\` takes no value`);
    const given = known.takesValue ? (attached ?? words[++at]) : "";
    if (given === undefined) throw new InvalidSyntax(`\`${spelled}\` needs a value`);
    found.push({ name, value: given });
  }
  return found;
}

function splitOption(word: string): { name: string; attached?: string; spelled: string } {
  const long = /^(--[^=]*)(?:=([^]*))?$/.exec(word);
  const short = long ?? /^(-[^-])([^]+)?$/.exec(word);
  if (short === null) throw new InvalidSyntax(`unexpected \`${word}\` behind an option`);
  const [, spelled = "", attached] = short;
  const name = ALIASES[spelled] ?? (long ? spelled.slice(2) : "");
  return { name, spelled, ...(attached !== undefined && { attached }) };
}

function unknownOption(spelled: string): InvalidSyntax {
  const near = nearest(
    spelled,
    Object.keys(KNOWN).map((name) => `--${name}`),
  );
  return new InvalidSyntax(
    `\`${spelled}\` is no option of a requirements file${near === undefined ? "" : `; \`${near}\` is`}`,
  );
}

/** Throws InvalidSyntax for the first option that may not stand there. */
export function checkPlace(options: readonly WrittenOption[], place: "line" | "requirement"): void {
  for (const { name } of options) {
    const allowed = KNOWN[name]!.place;
    if (allowed === place) continue;
    if (place === "line") throw new InvalidSyntax(`\`--${name}\` needs a requirement before it`);
    throw new InvalidSyntax(`\`--${name}\` has to stand on a line of its own`);
  }
}

/** The options so far and those of one more line. `locate` makes the value of `--find-links` absolute. */
export function addOptions(
  before: RequirementsOptions,
  options: readonly WrittenOption[],
  locate: (place: string) => string,
): RequirementsOptions {
  return options.reduce((all, { name, value: given }) => ({ ...all, ...change(all, name, [given, locate]) }), before);
}

function change(
  all: RequirementsOptions,
  name: string,
  [given, locate]: readonly [given: string, locate: (place: string) => string],
): Partial<RequirementsOptions> {
  switch (name) {
    case "index-url":
      return { indexUrl: given };
    case "extra-index-url":
      return { extraIndexUrls: [...all.extraIndexUrls, given] };
    case "no-index":
      return { noIndex: true };
    case "find-links":
      return { findLinks: [...all.findLinks, locate(given)] };
    case "no-binary":
    case "only-binary":
      return formats(all, name, given);
    case "prefer-binary":
      return { prefersBinary: true };
    case "require-hashes":
    case "no-require-hashes":
      return { requiresHashes: name === "require-hashes" };
    case "pre":
      return { allowsPrereleases: true };
    case "all-releases":
      return { allReleases: namesAfter(all.allReleases, given) };
    case "only-final":
      return { onlyFinal: namesAfter(all.onlyFinal, given) };
    case "trusted-host":
      return { trustedHosts: [...all.trustedHosts, given] };
    default:
      return { features: [...all.features, given] };
  }
}

/** What one list gains the other loses. */
function formats(all: RequirementsOptions, name: "no-binary" | "only-binary", given: string) {
  const [own, other] = name === "no-binary" ? [all.noBinary, all.onlyBinary] : [all.onlyBinary, all.noBinary];
  const mine = namesAfter(own, given);
  const theirs = mine.includes(":all:") ? [] : other.filter((each) => !mine.includes(each));
  return name === "no-binary" ? { noBinary: mine, onlyBinary: theirs } : { onlyBinary: mine, noBinary: theirs };
}

/** `:none:` empties the list, `:all:` stands for everything. */
function namesAfter(before: readonly string[], given: string): readonly string[] {
  let names = [...before];
  for (const word of given.split(",").map((each) => each.trim())) {
    if (word === "") continue;
    if (word === ":none:") names = [];
    else if (word === ":all:") names = [":all:"];
    else if (!names.includes(":all:") && !names.includes(normalizeName(word))) names.push(normalizeName(word));
  }
  return names;
}

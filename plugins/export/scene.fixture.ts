import { parseSha256 } from "../../plugin-api/model/digest.ts";
import type { DistributionFile, Source } from "../../plugin-api/model/distribution.ts";
import type { Lock, LockedEdge, LockedPackage, LockedRoot, RootOwner } from "../../plugin-api/model/lock.ts";
import type { Extra, PackageName } from "../../plugin-api/model/requirement.ts";
import { parseRequirement } from "../../plugin-api/python/requirement.ts";
import { parseWheelFilename } from "../../plugin-api/python/wheel-filename.ts";

/** A package as cases state it. */
export interface Stated {
  readonly source?: Source;
  readonly marker?: string;
  readonly requiresPython?: string;
  /** Names; a wheel of the package's own where none are given. */
  readonly files?: readonly string[];
  readonly extras?: readonly string[];
  /** `c==2 ; extra == 'x'`: another package of the lock, with extras and marker. */
  readonly needs?: readonly string[];
}
interface StatedLock {
  /** By `name version`, or `name` for version 1. */
  readonly packages: Readonly<Record<string, Stated>>;
  /** Requirements by owner: `project`, `optional x`, `group dev`. */
  readonly roots: Readonly<Record<string, readonly string[]>>;
  readonly requiresPython?: string;
  readonly forks?: readonly string[];
  readonly meta?: Readonly<Record<string, string>>;
}

/** A digest that says whose it is. */
export const digestOf = (filename: string): string =>
  Buffer.from(filename).toString("hex").padEnd(64, "0").slice(0, 64);

const fileOf = (filename: string): DistributionFile => {
  const sha256 = parseSha256(digestOf(filename));
  const kind = filename.endsWith(".whl") ? "wheel" : "sdist";
  if (kind === "wheel") parseWheelFilename(filename);
  return {
    filename,
    kind,
    url: `https://files.example/${filename}`,
    isYanked: false,
    hasMetadataFile: false,
    sizeBytes: 10,
    ...(sha256 && { sha256 }),
  };
};

/** A lock of what a case states. */
export function lockOf({ packages, roots, requiresPython = ">=3.9", forks = [], meta = {} }: StatedLock): Lock {
  const names = Object.keys(packages).sort();
  const find = (
    text: string,
  ): {
    readonly to: number;
    readonly marker: string;
    readonly extras: readonly Extra[];
    readonly specifier: string;
  } => {
    const { name, extras, specifier, marker } = parseRequirement(text);
    const version = /^==(.*)$/.exec(specifier)?.[1] ?? "1";
    const to = names.findIndex((each) => each === name || each === `${name} ${version}`);
    if (to < 0) throw new Error(`no package for ${text}`);
    return { to, marker, extras, specifier };
  };
  const locked = names.map((key): LockedPackage => {
    const [name = "", version = "1"] = key.split(" ");
    const {
      source = { kind: "index", index: "pypi" },
      marker = "",
      files = [`${name}-${version}-py3-none-any.whl`],
      extras = [],
      needs = [],
      requiresPython: own = "",
    } = packages[key]!;
    const dependencies = needs.map((text): LockedEdge => find(text));
    return {
      name: name as PackageName,
      version,
      source,
      marker,
      requiresPython: own,
      files: files.map(fileOf),
      extras: extras as readonly Extra[],
      dependencies,
    };
  });
  const all = Object.entries(roots).flatMap(([owner, texts]) => {
    const [kind = "project", name = ""] = owner.split(" ");
    const who: RootOwner = { kind: kind as RootOwner["kind"], name, member: "" };
    return texts.map((requirement): LockedRoot => {
      const { to, marker } = find(requirement);
      return { owner: who, requirement, to, marker };
    });
  });
  return { requiresPython, forks, packages: locked, roots: all, meta };
}

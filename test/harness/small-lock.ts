import { createHash } from "node:crypto";
import type { Sha256 } from "../../plugin-api/model/digest.ts";
import type { DistributionFile, Source } from "../../plugin-api/model/distribution.ts";
import type { Target } from "../../plugin-api/model/interpreter.ts";
import type { Lock, LockedEdge, LockedPackage, RootOwner } from "../../plugin-api/model/lock.ts";
import type { Extra, PackageName } from "../../plugin-api/model/requirement.ts";
import { parseMarker } from "../../plugin-api/python/marker.ts";

// Locks for tests, in few words: what is not said is the plainest there is.

export interface SmallPackage {
  /** `name version`. */
  readonly id: string;
  readonly marker?: string;
  readonly source?: Source;
  /** File names, or their facts; one pure wheel when absent. */
  readonly files?: readonly (string | Partial<DistributionFile>)[];
  readonly extras?: readonly string[];
  /** `name[extra] version ; marker`: leads to the package with that id. */
  readonly needs?: readonly string[];
}
export interface SmallRoot {
  /** `name[extra] version ; marker`. */
  readonly needs: string;
  readonly kind?: RootOwner["kind"];
  readonly name?: string;
  readonly member?: string;
}
export interface SmallLock {
  readonly packages: readonly SmallPackage[];
  /** A text stands for a requirement of the project itself. */
  readonly roots: readonly (string | SmallRoot)[];
  readonly requiresPython?: string;
  readonly forks?: readonly string[];
  readonly meta?: Readonly<Record<string, string>>;
}

export function smallLock({ packages, roots, requiresPython = ">=3.9", forks = [], meta = {} }: SmallLock): Lock {
  const ids = packages.map(({ id }) => id);
  const edge = (text: string): LockedEdge & { readonly name: string } => {
    const [, name, extras = "", version, marker = ""] = /^([\w-]+)(?:\[(.*?)\])? (\S+)(?: ; (.*))?$/.exec(text) ?? [];
    const to = ids.indexOf(`${name} ${version}`);
    if (name === undefined || to < 0) throw new Error(`no package for ${text}`);
    const wanted = extras.split(",").filter((extra) => extra !== "") as Extra[];
    return { name, to, marker: canonical(marker), extras: wanted, specifier: `==${version}` };
  };
  return {
    requiresPython,
    forks: forks.map(canonical),
    packages: packages.map((each) => smallPackage(each, edge)),
    roots: roots.map((given) => {
      const root = typeof given === "string" ? { needs: given } : given;
      const { name, to, marker, extras } = edge(root.needs);
      const owner = { kind: root.kind ?? "project", name: root.name ?? "", member: (root.member ?? "") as PackageName };
      return { owner, requirement: extras.length === 0 ? name : `${name}[${extras.join()}]`, to, marker };
    }),
    meta,
  };
}

const canonical = (marker: string): string => (marker === "" ? "" : parseMarker(marker).text);

function smallPackage(
  given: SmallPackage,
  edge: (text: string) => LockedEdge & { readonly name: string },
): LockedPackage {
  const [name, version] = given.id.split(" ") as [PackageName, string];
  const isTree = given.source !== undefined && ["git", "member", "path"].includes(given.source.kind);
  const files = given.files ?? (isTree ? [] : [`${name.replaceAll("-", "_")}-${version}-py3-none-any.whl`]);
  return {
    name,
    version,
    source: given.source ?? { kind: "index", index: "public" },
    marker: canonical(given.marker ?? ""),
    requiresPython: "",
    files: files.map(smallFile),
    extras: (given.extras ?? []) as Extra[],
    dependencies: (given.needs ?? []).map((text) => {
      const { to, marker, extras, specifier } = edge(text);
      return { to, marker, extras, specifier };
    }),
  };
}

/** A digest that is the file name's own. */
export const digestOf = (filename: string): Sha256 => createHash("sha256").update(filename).digest("hex") as Sha256;

function smallFile(given: string | Partial<DistributionFile>): DistributionFile {
  const { filename = "", ...facts } = typeof given === "string" ? { filename: given } : given;
  return {
    filename,
    kind: filename.endsWith(".whl") ? "wheel" : "sdist",
    url: `https://files.example/${filename}`,
    sha256: digestOf(filename),
    sizeBytes: 1000,
    isYanked: false,
    hasMetadataFile: false,
    ...facts,
  };
}

/** A CPython on a platform: `3.12 linux x86_64`, `3.13 macos arm64`, `3.11 windows amd64`. */
export function smallTarget(text: string): Target {
  const [version = "", os = "", arch = ""] = text.split(" ");
  const [major = 0, minor = 0] = version.split(".").map(Number.parseFloat);
  const systems: Readonly<Record<string, readonly [string, string, string]>> = {
    linux: ["linux", "Linux", "posix"],
    macos: ["darwin", "Darwin", "posix"],
    windows: ["win32", "Windows", "nt"],
  };
  const [sys_platform, platform_system, os_name] = systems[os] as readonly [string, string, string];
  const full = /^\d+\.\d+$/.test(version) ? `${version}.1` : version;
  return {
    python: full,
    markers: {
      implementation_name: "cpython",
      implementation_version: full,
      os_name,
      platform_machine: os === "windows" ? "AMD64" : arch,
      platform_python_implementation: "CPython",
      platform_release: "6.1",
      platform_system,
      platform_version: "1",
      python_full_version: full,
      python_version: `${major}.${minor}`,
      sys_platform,
    },
    tags: {
      implementation: "cpython",
      python: [major, minor],
      isFreeThreaded: false,
      os,
      arch,
      ...(os === "linux" && { libc: { kind: "glibc", version: [2, 36] } as const }),
      ...(os === "macos" && { osVersion: [14, 0] as const }),
    },
  };
}

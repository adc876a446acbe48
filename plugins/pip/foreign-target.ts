import type { Interpreter, MarkerEnvironment, TagPlatform, Target } from "../../plugin-api/model/interpreter.ts";
import type { RequirementsOptions } from "../../plugin-api/python/requirements-file-options.ts";
import { cpythonAbis } from "../../plugin-api/python/tags.ts";
import { callError } from "./as-pip.ts";

/** The options that name another machine or Python than the one at hand. */
export interface ForeignOptions {
  readonly platform: readonly string[];
  readonly pythonVersion?: string | undefined;
  readonly implementation?: string | undefined;
  readonly abi: readonly string[];
}

interface Rules {
  /** Command's path, for errors. */
  readonly path: string;
  readonly options: RequirementsOptions;
  readonly noDeps: boolean;
}

/** The target those options describe; undefined where there are none. Throws `E_USAGE` in the cases in which pip refuses. */
export function foreignTarget(typed: ForeignOptions, interpreter: Interpreter, rules: Rules): Target | undefined {
  const { platform, pythonVersion, implementation, abi } = typed;
  if (platform.length + abi.length === 0 && pythonVersion === undefined && implementation === undefined)
    return undefined;
  const { path, options, noDeps } = rules;
  const isBinary = options.onlyBinary.includes(":all:") && options.noBinary.length === 0;
  if (!noDeps && !isBinary)
    throw callError(path, "what is for another Python or machine can't be built here: add `--only-binary=:all:`");
  const python = pythonVersion === undefined ? interpreter.version : versionOf(pythonVersion, path);
  const [major = 3, minor = 0] = python.split(".").map(Number);
  if (implementation !== undefined && implementation !== "cp" && implementation !== "py")
    throw callError(path, `\`--implementation ${implementation}\`: targets are for CPython only`);
  const base: TagPlatform = { ...interpreter.tags, implementation: "cpython", python: [major, minor] };
  const tags = platform.length === 0 ? base : platformTags(platform, base, path);
  const known = [`cp${major}${minor}`, ...cpythonAbis(tags), "abi3", "none"];
  const strange = abi.find((each) => !known.includes(each));
  if (strange !== undefined) throw callError(path, `\`--abi ${strange}\` is none of CPython ${major}.${minor}`);
  return { python, tags, markers: markersFor(interpreter.markers, { python, tags }) };
}

/** `3`, `3.11`, `311`, `3.11.4`. */
function versionOf(text: string, path: string): string {
  const [, major, minor, micro] = /^(\d)(?:\.?(\d+))?(?:\.(\d+))?$/.exec(text) ?? [];
  if (major === undefined) throw callError(path, `\`--python-version ${text}\` is no version of Python`);
  return `${major}.${minor ?? 0}.${micro ?? 0}`;
}

const LEGACY: Readonly<Record<string, readonly [number, number]>> = { "1": [2, 5], "2010": [2, 12], "2014": [2, 17] };
type Place = Pick<TagPlatform, "os" | "arch"> & Partial<Pick<TagPlatform, "libc" | "osVersion">>;

/** What a platform tag of wheels says of a machine. */
function placeOf(tag: string): Place | undefined {
  const number = (text: string | undefined): number => Number(text);
  const many = /^manylinux(?:(1|2010|2014)|_(\d+)_(\d+))_(\w+)$/.exec(tag);
  if (many) {
    const [, legacy, major, minor, arch = ""] = many;
    const version = legacy === undefined ? ([number(major), number(minor)] as const) : LEGACY[legacy]!;
    return { os: "linux", arch, libc: { kind: "glibc", version } };
  }
  const [, musl, muslMinor, muslArch] = /^musllinux_(\d+)_(\d+)_(\w+)$/.exec(tag) ?? [];
  if (muslArch !== undefined)
    return { os: "linux", arch: muslArch, libc: { kind: "musl", version: [number(musl), number(muslMinor)] } };
  const [, mac, macMinor, macArch] = /^macosx_(\d+)_(\d+)_(arm64|x86_64)$/.exec(tag) ?? [];
  if (macArch !== undefined) return { os: "macos", arch: macArch, osVersion: [number(mac), number(macMinor)] };
  const [, windows] = /^win(32|_amd64|_arm64)$/.exec(tag) ?? [];
  if (windows !== undefined) return { os: "windows", arch: windows === "32" ? "win32" : windows.slice(1) };
  const [, arch] = /^linux_(\w+)$/.exec(tag) ?? [];
  return arch === undefined ? undefined : { os: "linux", arch };
}

/** Of several platforms the newest one, which takes what is for the older; they have to be of one kind of machine. */
function platformTags(
  named: readonly string[],
  { osVersion: _os, libc: _libc, ...base }: TagPlatform,
  path: string,
): TagPlatform {
  const places = named
    .filter((tag) => tag !== "any")
    .map((tag) => {
      const place = placeOf(tag);
      if (place === undefined) throw callError(path, `\`--platform ${tag}\` is no platform that is known`);
      return place;
    });
  const [first] = places;
  // Nothing fits a machine that does not exist but what fits all.
  if (first === undefined) return { ...base, os: "any", arch: "any" };
  const isOfOne = places.every(
    ({ os, arch, libc }) =>
      os === first.os && arch === first.arch && (libc?.kind ?? first.libc?.kind) === first.libc?.kind,
  );
  if (!isOfOne) throw callError(path, `${named.map((tag) => `\`${tag}\``).join(" and ")} are different machines`);
  const age = ({ libc, osVersion }: Place): number => {
    const [major, minor] = libc?.version ?? osVersion ?? [0, 0];
    return 1000 * major + minor;
  };
  return { ...base, ...places.reduce((newest, place) => (age(place) > age(newest) ? place : newest)) };
}

const SYSTEMS: Readonly<Record<string, readonly [sysPlatform: string, system: string, osName: string]>> = {
  linux: ["linux", "Linux", "posix"],
  macos: ["darwin", "Darwin", "posix"],
  windows: ["win32", "Windows", "nt"],
};
const WINDOWS_MACHINES: Readonly<Record<string, string>> = { amd64: "AMD64", arm64: "ARM64", win32: "x86" };

/** Markers as they hold there; what is not known of the machine is that of the one at hand. */
function markersFor(own: MarkerEnvironment, { python, tags }: Pick<Target, "python" | "tags">): MarkerEnvironment {
  const system = SYSTEMS[tags.os];
  const versions = {
    python_full_version: python,
    python_version: tags.python.join("."),
    implementation_version: python,
  };
  if (system === undefined) return { ...own, ...versions };
  const [sys_platform, platform_system, os_name] = system;
  const platform_machine = tags.os === "windows" ? (WINDOWS_MACHINES[tags.arch] ?? tags.arch) : tags.arch;
  return { ...own, ...versions, sys_platform, platform_system, os_name, platform_machine };
}

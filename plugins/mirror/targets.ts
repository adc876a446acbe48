import type { DistributionFile } from "../../plugin-api/model/distribution.ts";
import type { Interpreter, TagPlatform } from "../../plugin-api/model/interpreter.ts";
import {
  machinesOf,
  type PlatformName,
  platformMarker,
  readPlatformName,
} from "../../plugin-api/python/platform-name.ts";
import { tagScorer } from "../../plugin-api/python/tags.ts";
import { parseWheelFilename } from "../../plugin-api/python/wheel-filename.ts";
import { usageError } from "../../plugin-api/usage.ts";

/** For whom a mirror is made. */
export interface Targets {
  /** Empty for all. */
  readonly platforms: readonly PlatformName[];
  /** Empty for all. */
  readonly pythons: readonly (readonly [major: number, minor: number])[];
}

/** What `--platform` and `--python-version` say. Throws `E_USAGE`. */
export function readTargets(platforms: readonly string[], pythons: readonly string[]): Targets {
  return { platforms: platforms.map(readPlatform), pythons: pythons.map(readPython) };
}

function readPlatform(text: string): PlatformName {
  const name = readPlatformName(text);
  if (name) return name;
  const forms = "linux, macos or windows, or an architecture of it such as linux-aarch64";
  throw usageError("mirror create", `\`--platform\` takes ${forms}, not \`${text}\``);
}

function readPython(text: string): readonly [number, number] {
  const [, major, minor] = /^(\d+)\.(\d+)$/.exec(text) ?? [];
  if (major === undefined || minor === undefined)
    throw usageError("mirror create", `\`--python-version\` takes a version such as 3.12, not \`${text}\``);
  return [Number(major), Number(minor)];
}

/** This machine and this Python, in place of what nobody named. */
export function targetsHere({ platforms, pythons }: Targets, { tags, markers }: Interpreter): Targets {
  const here = readPlatformName(`${markers.platform_system}-${markers.platform_machine}`);
  return {
    platforms: platforms.length > 0 || here === undefined ? platforms : [here],
    pythons: pythons.length > 0 ? pythons : [tags.python],
  };
}

/** Markers that hold in these environments, one for each. */
export function environmentsOf({ platforms, pythons }: Targets): readonly string[] {
  const systems = platforms.length > 0 ? platforms.map(platformMarker) : [""];
  const versions = pythons.map((python) => `python_version == "${python.join(".")}"`);
  const pairs = systems.flatMap((system) =>
    (versions.length > 0 ? versions : [""]).map((version) => [version, system]),
  );
  return pairs.map((pair) => pair.filter((part) => part !== "").join(" and ")).filter((marker) => marker !== "");
}

/** The lowest of the Pythons as a specifier; empty for any. */
export function requiresPython({ pythons }: Targets): string {
  const [lowest] = [...pythons].sort(([a, b], [c, d]) => a - c || b - d);
  return lowest === undefined ? "" : `>=${lowest.join(".")}`;
}

/** Newer than any there is: a wheel for a new system may be wanted, one for an old system is wanted as well. */
const NEWEST = [99, 0] as const;
/** The range of Pythons that have wheels, where none is named. */
const EVERY_PYTHON = Array.from({ length: 20 }, (_, minor) => [3, minor + 6] as const);
const EVERY_SYSTEM: readonly PlatformName[] = [{ system: "linux" }, { system: "macos" }, { system: "windows" }];

/** Whether a file could be installed in one of the environments. */
export function fileFilter({ platforms, pythons }: Targets): (file: DistributionFile) => boolean {
  if (platforms.length === 0 && pythons.length === 0) return () => true;
  const systems = (platforms.length > 0 ? platforms : EVERY_SYSTEM).flatMap(machines);
  const versions = pythons.length > 0 ? pythons : EVERY_PYTHON;
  const scorers = versions.flatMap((python) => systems.map((system) => tagScorer({ ...system, python })));
  return (file) => {
    if (file.kind === "sdist") return true;
    const { tags } = parseWheelFilename(file.filename);
    return scorers.some((score) => score(tags) > 0);
  };
}

function machines({ system, machine }: PlatformName): Omit<TagPlatform, "python">[] {
  return (machine === undefined ? machinesOf(system) : [machine]).flatMap((one) => {
    const arch = system === "windows" ? (WINDOWS_ARCHS[one] ?? one) : one;
    const base = { implementation: "cpython", isFreeThreaded: false, os: system, arch, osVersion: NEWEST };
    if (system !== "linux") return [base];
    return (["glibc", "musl"] as const).map((kind) => ({
      ...base,
      libc: { kind, version: [kind === "musl" ? 1 : 2, 99] as const },
    }));
  });
}

const WINDOWS_ARCHS: Readonly<Record<string, string>> = { AMD64: "amd64", ARM64: "arm64", x86: "win32" };

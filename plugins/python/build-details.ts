import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { TagPlatform } from "../../plugin-api/model/interpreter.ts";
import { glibcVersion, readElf } from "./elf.ts";
import type { Facts } from "./record.ts";

interface VersionInfo {
  readonly major: number;
  readonly minor: number;
  readonly micro: number;
  readonly releaselevel: "alpha" | "beta" | "candidate" | "final";
  readonly serial: number;
}
/** The parts of `build-details.json` (PEP 739, schema 1.0) that are used. */
interface BuildDetails {
  readonly schema_version: string;
  readonly base_prefix?: string;
  readonly platform: string;
  readonly language: { readonly version: string; readonly version_info?: VersionInfo };
  readonly implementation: { readonly name: string; readonly version: VersionInfo; readonly cache_tag?: string };
  readonly abi?: { readonly flags?: readonly string[] };
}

/**
 * Describes an interpreter from the file its build left behind (PEP 739), without starting it. Declines wherever the
 * file can't tell all: other systems than Linux with glibc, implementations other than CPython, and installations that
 * were moved after they were built.
 */
export function readBuildDetails(executable: string): Facts | undefined {
  const name = /^python3\.\d+t?$/.exec(path.basename(executable))?.[0];
  if (name === undefined || process.platform !== "linux") return undefined;
  const prefix = path.dirname(path.dirname(executable));
  for (const library of ["lib", "lib64"]) {
    const stdlib = path.join(prefix, library, name);
    const details = readJson(path.join(stdlib, "build-details.json"));
    if (details) return factsOf(details, { executable, prefix, library, stdlib });
  }
  return undefined;
}

interface Installed {
  readonly executable: string;
  readonly prefix: string;
  readonly library: string;
  readonly stdlib: string;
}

function factsOf(details: BuildDetails, installed: Installed): Facts | undefined {
  const { executable, prefix, library, stdlib } = installed;
  const { implementation } = details;
  const stated = details.base_prefix === undefined ? prefix : path.resolve(stdlib, details.base_prefix);
  if (details.schema_version !== "1.0" || implementation.name !== "cpython" || stated !== prefix) return undefined;
  const platform = platformOf(details, executable);
  const version = fullVersion(details.language.version_info ?? implementation.version);
  if (!platform || !implementation.cache_tag) return undefined;
  const leaf = path.basename(stdlib);
  const python = platform.tags.python.join(".");
  return {
    path: executable,
    basePath: executable,
    version,
    implementation: "cpython",
    markers: {
      implementation_name: "cpython",
      implementation_version: fullVersion(implementation.version),
      os_name: "posix",
      platform_machine: os.machine(),
      platform_python_implementation: "CPython",
      platform_release: os.release(),
      platform_system: "Linux",
      platform_version: os.version(),
      python_full_version: version,
      python_version: python,
      sys_platform: "linux",
    },
    tags: platform.tags,
    scheme: {
      purelib: `lib/${leaf}/site-packages`,
      platlib: `${library}/${leaf}/site-packages`,
      scripts: "bin",
      headers: `include/site/python${python}`,
    },
    prefix,
    basePrefix: prefix,
    stdlib,
    cacheTag: implementation.cache_tag,
    isExternallyManaged: fs.existsSync(path.join(stdlib, "EXTERNALLY-MANAGED")),
    isVirtual: false,
    pointerBits: platform.pointerBits,
  };
}

function platformOf(details: BuildDetails, executable: string): { tags: TagPlatform; pointerBits: number } | undefined {
  const elf = readElf(executable);
  const arch = /^linux-(\w+)$/.exec(details.platform)?.[1];
  // A 32-bit build on a 64-bit kernel states the kernel's machine; its own must be asked for.
  if (elf?.loader === undefined || elf.pointerBits !== 64 || arch !== os.machine()) return undefined;
  const version = glibcVersion(elf.loader);
  if (!version) return undefined;
  const { major, minor } = details.language.version_info ?? details.implementation.version;
  const isFreeThreaded = details.abi?.flags?.includes("t") ?? false;
  const libc = { kind: "glibc", version } as const;
  return {
    tags: { implementation: "cpython", python: [major, minor], isFreeThreaded, os: "linux", arch, libc },
    pointerBits: elf.pointerBits,
  };
}

const PHASES = { alpha: "a", beta: "b", candidate: "rc", final: "" } as const;

const fullVersion = ({ major, minor, micro, releaselevel, serial }: VersionInfo): string =>
  `${major}.${minor}.${micro}${releaselevel === "final" ? "" : `${PHASES[releaselevel]}${serial}`}`;

function readJson(file: string): BuildDetails | undefined {
  if (!fs.existsSync(file)) return undefined;
  try {
    const details = JSON.parse(fs.readFileSync(file, "utf8")) as Partial<BuildDetails>;
    const isWhole = details.language?.version !== undefined && details.implementation?.version !== undefined;
    return isWhole ? (details as BuildDetails) : undefined;
  } catch {
    return undefined;
  }
}

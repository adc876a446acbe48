import type { TagPlatform } from "../model/interpreter.ts";

/** A platform as people name it. */
export interface PlatformName {
  readonly system: "linux" | "macos" | "windows";
  /** As `platform_machine` spells it there; absent for any. */
  readonly machine?: string;
}

const SYSTEMS = { linux: "linux", macos: "darwin", windows: "win32" } as const;
/** Machines by the names people use, as `platform_machine` spells them on each system. */
const MACHINES: Readonly<Record<PlatformName["system"], Readonly<Record<string, string>>>> = {
  linux: {
    x86_64: "x86_64",
    aarch64: "aarch64",
    arm64: "aarch64",
    armv7l: "armv7l",
    i686: "i686",
    ppc64le: "ppc64le",
    s390x: "s390x",
    riscv64: "riscv64",
  },
  macos: { x86_64: "x86_64", arm64: "arm64", aarch64: "arm64" },
  windows: { x86_64: "AMD64", amd64: "AMD64", arm64: "ARM64", aarch64: "ARM64", i686: "x86" },
};
/** Parts of compilers' triples that say nothing here. */
const EMPTY_PARTS = new Set(["unknown", "gnu", "pc", "apple", "msvc"]);

/** Reads `linux`, `macos-arm64`, `x86_64-unknown-linux-gnu`; undefined for what names no platform. */
export function readPlatformName(text: string): PlatformName | undefined {
  const parts = text.toLowerCase().replaceAll("darwin", "macos").split("-");
  const system = parts.find((part): part is PlatformName["system"] => Object.hasOwn(SYSTEMS, part));
  if (system === undefined) return undefined;
  const others = parts.filter((part) => part !== system && !EMPTY_PARTS.has(part));
  const [other] = others;
  if (other === undefined) return { system };
  const machine = Object.hasOwn(MACHINES[system], other) ? MACHINES[system][other] : undefined;
  return machine === undefined || others.length > 1 ? undefined : { system, machine };
}

/** The environment marker that holds on a platform alone (PEP 508). */
export function platformMarker({ system, machine }: PlatformName): string {
  const marker = `sys_platform == "${SYSTEMS[system]}"`;
  return machine === undefined ? marker : `${marker} and platform_machine == "${machine}"`;
}

/** All machines of a system, as `platform_machine` spells them. */
export const machinesOf = (system: PlatformName["system"]): readonly string[] => [
  ...new Set(Object.values(MACHINES[system])),
];

/** Where a machine is named, but nothing of its system: what is still supported by those who make it, and not newer. */
const USUAL = { glibc: [2, 28], macos: [13, 0] } as const;
const WINDOWS_ARCHS: Readonly<Record<string, string>> = { AMD64: "amd64", ARM64: "arm64", x86: "win32" };

/** What decides the tags of CPython on a platform, as far as its name tells: for a system of the last years, with glibc. */
export function usualTags(system: PlatformName["system"], machine: string, python: TagPlatform["python"]): TagPlatform {
  const arch = system === "windows" ? (WINDOWS_ARCHS[machine] ?? machine) : machine;
  return {
    implementation: "cpython",
    python,
    isFreeThreaded: false,
    os: system,
    arch,
    ...(system === "linux" && { libc: { kind: "glibc", version: USUAL.glibc } }),
    ...(system === "macos" && { osVersion: USUAL.macos }),
  };
}

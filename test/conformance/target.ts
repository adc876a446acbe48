import type { Target } from "../../plugin-api/model/interpreter.ts";
import { readPlatformName, usualTags } from "../../plugin-api/python/platform-name.ts";
import { linuxTarget } from "../harness/fake-index.ts";

const SYSTEMS = {
  linux: { os_name: "posix", sys_platform: "linux", platform_system: "Linux" },
  macos: { os_name: "posix", sys_platform: "darwin", platform_system: "Darwin" },
  windows: { os_name: "nt", sys_platform: "win32", platform_system: "Windows" },
} as const;
/** What is meant where a name says the system alone. */
const USUAL_MACHINES = { linux: "x86_64", macos: "arm64", windows: "AMD64" } as const;
const OLD_GLIBCS: Readonly<Record<string, number>> = { 1: 5, 2010: 12, 2014: 17 };
const MUSL_MINOR = 2;
const ANDROID_ABIS: Readonly<Record<string, string>> = { aarch64: "arm64_v8a", x86_64: "x86_64" };
const ANDROID_LEVEL = 24;

/** CPython on a platform as scenarios name it, such as `aarch64-manylinux_2_28` or `windows`; undefined for names unknown here. */
export function targetOn(platform: string | undefined, python: string): Target | undefined {
  const here = linuxTarget(python.split(".").length === 2 ? `${python}.0` : python);
  if (platform === undefined) return here;
  const [, machine, minor, year] = /^(\w+?)-manylinux(?:_2_(\d+)|(1|2010|2014))$/.exec(platform) ?? [];
  if (machine !== undefined) {
    const glibc = minor === undefined ? OLD_GLIBCS[year!]! : Number(minor);
    return onLinux(here, machine, { kind: "glibc", version: [2, glibc] });
  }
  const musl = /^(\w+)-unknown-linux-musl$/.exec(platform)?.[1];
  if (musl !== undefined) return onLinux(here, musl, { kind: "musl", version: [1, MUSL_MINOR] });
  const android = /^(aarch64|x86_64)-linux-android$/.exec(platform)?.[1];
  if (android !== undefined) return onAndroid(here, android);
  const named = readPlatformName(platform);
  if (!named) return undefined;
  const { system, machine: given = USUAL_MACHINES[system] } = named;
  return {
    ...here,
    tags: usualTags(system, given, here.tags.python),
    markers: { ...here.markers, ...SYSTEMS[system], platform_machine: given },
  };
}

function onLinux(here: Target, machine: string, libc: NonNullable<Target["tags"]["libc"]>): Target {
  const markers = { ...here.markers, platform_machine: machine };
  return { ...here, markers, tags: { ...here.tags, arch: machine, libc } };
}

function onAndroid(here: Target, machine: string): Target {
  const { implementation, python, isFreeThreaded } = here.tags;
  const system = { os: "android", arch: ANDROID_ABIS[machine]!, osVersion: [ANDROID_LEVEL, 0] } as const;
  return {
    ...here,
    markers: { ...here.markers, sys_platform: "android", platform_system: "Android", platform_machine: machine },
    tags: { implementation, python, isFreeThreaded, ...system },
  };
}

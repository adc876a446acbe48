import type { MarkerEnvironment, TagPlatform, Target } from "../../../plugin-api/model/interpreter.ts";

const cpython = { implementation_name: "cpython", platform_python_implementation: "CPython" };
const tags = { implementation: "cpython", isFreeThreaded: false };

const target = (
  markers: Omit<MarkerEnvironment, keyof typeof cpython>,
  platform: Omit<TagPlatform, keyof typeof tags>,
): Target => ({
  python: markers.python_full_version,
  markers: { ...cpython, ...markers },
  tags: { ...tags, ...platform },
});

const versions = (full: string) => ({
  python_full_version: full,
  implementation_version: full,
  python_version: full.split(".", 2).join("."),
});

/** The environments that rows of `pylock.json` select for, by name. */
export const lockTargets: Readonly<Record<string, Target>> = {
  "cp312-linux": target(
    {
      ...versions("3.12.1"),
      os_name: "posix",
      sys_platform: "linux",
      platform_machine: "x86_64",
      platform_release: "6.1.0-18-amd64",
      platform_system: "Linux",
      platform_version: "#1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 (2024-02-01)",
    },
    { python: [3, 12], os: "linux", arch: "x86_64", libc: { kind: "glibc", version: [2, 36] } },
  ),
  "cp314rc-win": target(
    {
      ...versions("3.14.0rc2"),
      os_name: "nt",
      sys_platform: "win32",
      platform_machine: "AMD64",
      platform_release: "10",
      platform_system: "Windows",
      platform_version: "10.0.22631",
    },
    { python: [3, 14], os: "windows", arch: "amd64" },
  ),
  "cp310-mac": target(
    {
      ...versions("3.10.14"),
      os_name: "posix",
      sys_platform: "darwin",
      platform_machine: "arm64",
      platform_release: "23.2.0",
      platform_system: "Darwin",
      platform_version: "Darwin Kernel Version 23.2.0",
    },
    { python: [3, 10], os: "macos", arch: "arm64", osVersion: [14, 0] },
  ),
};

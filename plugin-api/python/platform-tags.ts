import type { TagPlatform } from "../model/interpreter.ts";

/**
 * Platform tags a machine can run, best first: `linux_x86_64`, `manylinux_2_36_x86_64`, … (PEP 425; Linux PEP 600 and 656,
 * iOS PEP 730, Android PEP 738, Emscripten PEP 783). Without `any`.
 */
export function platformTags(platform: TagPlatform): readonly string[] {
  const arch = platform.arch.replace(/[-.]/g, "_");
  const [major, minor] = platform.osVersion ?? [0, 0];
  switch (platform.os) {
    case "linux":
      return linuxTags(arch === "armv8l" ? ["armv8l", "armv7l"] : [arch], platform.libc);
    case "macos":
      return macosTags(major, minor, arch === "aarch64" ? "arm64" : arch);
    case "windows":
      return [WINDOWS_TAGS[arch] ?? `win_${arch}`];
    case "ios":
      return iosTags(major, minor, arch);
    case "android":
      return descending(major, 16).map((level) => `android_${level}_${arch}`);
    case "emscripten":
      return [`pyemscripten_${major}_${minor}_${arch}`];
    default:
      return [`${platform.os.replace(/[-. ]/g, "_")}_${arch}`];
  }
}

const WINDOWS_TAGS: Readonly<Record<string, string>> = {
  x86_64: "win_amd64",
  aarch64: "win_arm64",
  x86: "win32",
  i386: "win32",
  i686: "win32",
  win32: "win32",
};

const MANYLINUX_ARCHS = new Set([
  "x86_64",
  "i686",
  "aarch64",
  "armv7l",
  "ppc64",
  "ppc64le",
  "s390x",
  "loongarch64",
  "riscv64",
]);

const LEGACY_MANYLINUX: Readonly<Record<number, string>> = {
  5: "manylinux1",
  12: "manylinux2010",
  17: "manylinux2014",
};

/** `from`, `from - 1`, …, `to`; empty when `from` is below `to`. */
const descending = (from: number, to: number): readonly number[] =>
  Array.from({ length: Math.max(0, from - to + 1) }, (_, i) => from - i);

function linuxTags(archs: readonly string[], libc: TagPlatform["libc"]): readonly string[] {
  const tags = archs.map((arch) => `linux_${arch}`);
  if (libc === undefined) return tags;
  const [major, minor] = libc.version;
  for (const arch of archs) {
    if (libc.kind === "musl") tags.push(...descending(minor, 0).map((m) => `musllinux_${major}_${m}_${arch}`));
    else if (major === 2 && archs.some((one) => MANYLINUX_ARCHS.has(one))) tags.push(...manylinuxTags(minor, arch));
  }
  return tags;
}

// PEP 600: glibc 2.5 is the oldest there are wheels for on x86, 2.17 elsewhere.
const manylinuxTags = (minor: number, arch: string): readonly string[] =>
  descending(minor, arch === "x86_64" || arch === "i686" ? 5 : 17).flatMap((m) => {
    const legacy = LEGACY_MANYLINUX[m];
    return legacy === undefined ? [`manylinux_2_${m}_${arch}`] : [`manylinux_2_${m}_${arch}`, `${legacy}_${arch}`];
  });

/** Binary formats a macOS release of one architecture runs. */
function macosFormats(minor: number, arch: string): readonly string[] {
  switch (arch) {
    case "x86_64":
      return minor < 4 ? [] : [arch, "intel", "fat64", "fat3", "universal2", "universal"];
    case "i386":
      return minor < 4 ? [] : [arch, "intel", "fat3", "fat", "universal"];
    case "ppc":
      return minor > 6 ? [] : [arch, "fat3", "fat", "universal"];
    case "ppc64":
      return minor < 4 || minor > 5 ? [] : [arch, "fat64", "universal"];
    case "arm64":
      return [arch, "universal2"];
    default:
      return [arch];
  }
}

// From macOS 11 on a release is a major version; before, it was a minor version of 10. A universal2 wheel may name a
// macOS before the first arm64 one, because of its other half.
function macosTags(major: number, minor: number, arch: string): readonly string[] {
  const formats = (ten: number): readonly string[] =>
    macosFormats(ten, arch).map((format) => `macosx_10_${ten}_${format}`);
  if (major < 11) return descending(minor, 0).flatMap(formats);
  const current = descending(major, 11).flatMap((m) =>
    macosFormats(99, arch).map((format) => `macosx_${m}_0_${format}`),
  );
  const older = descending(16, 4);
  return current.concat(arch === "x86_64" ? older.flatMap(formats) : older.map((m) => `macosx_10_${m}_universal2`));
}

// PEP 730. No iOS release had more than nine minor versions; 12.0 is the first that can run CPython.
function iosTags(major: number, minor: number, arch: string): readonly string[] {
  if (major < 12) return [];
  const tag = (x: number) => (y: number) => `ios_${x}_${y}_${arch}`;
  return descending(minor, 0)
    .map(tag(major))
    .concat(descending(major - 1, 12).flatMap((m) => descending(9, 0).map(tag(m))));
}

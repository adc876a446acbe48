import { usageError } from "../../plugin-api/usage.ts";

const SYSTEMS: Readonly<Record<string, string>> = { linux: "linux", macos: "darwin", windows: "win32" };
/** Machines as `platform_machine` spells them on each system. */
const MACHINES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
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

/** Markers for the one platform that `--platform` names: `linux`, `macos-arm64`, `x86_64-linux`. Throws `E_USAGE`. */
export function environmentsOf(platform: string): readonly string[] {
  const parts = platform.toLowerCase().replaceAll("darwin", "macos").split("-");
  const system = parts.find((part) => part in SYSTEMS);
  const machines = MACHINES[system ?? ""] ?? {};
  const others = parts.filter((part) => part !== system && !["unknown", "gnu", "pc", "apple", "msvc"].includes(part));
  const machine = others[0] === undefined ? undefined : machines[others[0]];
  if (system === undefined || others.length > 1 || (others.length === 1 && machine === undefined))
    throw usageError(
      "lock",
      `\`--platform\` takes linux, macos or windows, or an architecture of it such as linux-aarch64, not \`${platform}\``,
    );
  const marker = `sys_platform == "${SYSTEMS[system]}"`;
  return [machine === undefined ? marker : `${marker} and platform_machine == "${machine}"`];
}

import fs from "node:fs";

const MACHINES: Readonly<Record<string, string>> = { x64: "x86_64", arm64: "aarch64" };

/** What tells one platform's builds from another's. */
export interface Machine {
  /** `linux`, `darwin`, `win32`. */
  readonly platform: string;
  /** As Node spells it: `x64`, `arm64`. */
  readonly arch: string;
}

/** The platform triple whose builds run on a machine; undefined where there are none. */
export function targetOf({ platform, arch }: Machine, exists = fs.existsSync): string | undefined {
  const machine = MACHINES[arch];
  if (machine === undefined) return undefined;
  if (platform === "darwin") return `${machine}-apple-darwin`;
  if (platform === "win32") return `${machine}-pc-windows-msvc`;
  if (platform !== "linux") return undefined;
  // Where both are installed, the system's own programs use the GNU one.
  const loaders = [`/lib64/ld-linux-${machine.replace("_", "-")}.so.2`, `/lib/ld-linux-${machine}.so.1`];
  const isMusl = !loaders.some(exists) && exists(`/lib/ld-musl-${machine}.so.1`);
  return `${machine}-unknown-linux-${isMusl ? "musl" : "gnu"}`;
}

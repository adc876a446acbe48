import { platformMarker, readPlatformName } from "../../plugin-api/python/platform-name.ts";
import { usageError } from "../../plugin-api/usage.ts";

/** Markers for the one platform that `--platform` names: `linux`, `macos-arm64`, `x86_64-linux`. Throws `E_USAGE`. */
export function environmentsOf(platform: string): readonly string[] {
  const name = readPlatformName(platform);
  if (name) return [platformMarker(name)];
  throw usageError(
    "lock",
    `\`--platform\` takes linux, macos or windows, or an architecture of it such as linux-aarch64, not \`${platform}\``,
  );
}

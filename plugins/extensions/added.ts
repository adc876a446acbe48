import path from "node:path";
import type { Host, SettingsTable } from "../../plugin-api/services.ts";
import { userConfigDir } from "../../plugin-api/system/directories.ts";
import { locate } from "../../plugin-api/system/plugin-files.ts";
import { pluginDigest, readTrust } from "../../plugin-api/system/plugin-trust.ts";

/** A plugin the configuration names, and whether it may run. */
export interface Added {
  readonly name: string;
  /** Real path; undefined when there is nothing. */
  readonly path: string | undefined;
  readonly sha256: string | undefined;
  readonly trust: "agreed" | "changed" | "never agreed" | "missing";
  /** File that names it. */
  readonly origin: string;
}

/** What the configuration names, without running any of it. */
export function addedPlugins(host: Host, settings: SettingsTable): readonly Added[] {
  const entry = settings.get("plugins");
  const origin = entry?.origin.name ?? "";
  const folder = entry?.origin.kind === "file" ? path.dirname(origin) : host.cwd;
  const from = path.basename(folder) === ".pybun" ? path.dirname(folder) : folder;
  const agreed = readTrust(userConfigDir(host.env, host.home, host.platform));
  return ((entry?.value ?? []) as readonly string[]).map((name): Added => {
    let file: string;
    try {
      file = locate({ name, from, origin });
    } catch {
      return { name, path: undefined, sha256: undefined, trust: "missing", origin };
    }
    const sha256 = pluginDigest(file);
    const trust = agreed[file] === undefined ? "never agreed" : agreed[file] === sha256 ? "agreed" : "changed";
    return { name, path: file, sha256, trust, origin };
  });
}

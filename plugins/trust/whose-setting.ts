import path from "node:path";
import type { Host, SettingsTable } from "../../plugin-api/services.ts";
import { userConfigDir } from "../../plugin-api/system/directories.ts";
import { settings } from "./settings.ts";

/** The project's own file that sets `allow`: whoever wrote the project can't agree to code in the user's place. */
export function ownFileThatAllows(host: Host, table: SettingsTable): string | undefined {
  const { origin } = table.get(settings.startupHooks.key) ?? {};
  const { env, home, platform, projectRoot } = host;
  if (origin?.kind !== "file" || projectRoot === undefined) return undefined;
  const file = path.resolve(projectRoot, origin.name);
  const isIn = (folder: string): boolean => file.startsWith(folder + path.sep);
  return isIn(projectRoot) && !isIn(userConfigDir(env, home, platform)) ? path.relative(projectRoot, file) : undefined;
}

import path from "node:path";
import type { Origin } from "../option.ts";
import type { RequirementsOptions } from "../python/requirements-file-options.ts";
import { type SettingEntry, SettingsTable } from "../services.ts";
import type { Session } from "../session.ts";
import { settingFolder } from "../setting-folder.ts";

/**
 * Makes what is typed and what requirements files say of where packages come from count for all stages of the run: settings
 * of other plugins get these values. Throws `E_POLICY`.
 */
export async function amendSources(options: RequirementsOptions, session: Session): Promise<void> {
  const table = await session.use(SettingsTable);
  const origin: Origin = { kind: "argv", name: "the command line or a requirements file" };
  const amend = (name: string, value: unknown): void => table.amend(name, value, origin);
  const { indexUrl, extraIndexUrls, findLinks, trustedHosts } = options;
  if (indexUrl !== undefined) {
    amend("indexUrl", indexUrl);
    // The flag and its variable go before the setting, and what is typed for pip before both.
    if (
      table.entries.some(({ key, option, value }) => key === "index" && option.kind === "text" && value !== undefined)
    )
      amend("index", indexUrl);
  }
  if (extraIndexUrls.length > 0) amend("extraIndexUrl", [...listOf(table, "extra-index-url"), ...extraIndexUrls]);
  if (findLinks.length > 0) amend("findLinks", [...placesOf(table.get("find-links"), session.cwd), ...findLinks]);
  if (options.noIndex) amend("noIndex", true);
  if (trustedHosts.length > 0) amend("httpTrustedHost", [...listOf(table, "http.trusted-host"), ...trustedHosts]);
}

const listOf = (table: SettingsTable, key: string): readonly string[] =>
  (table.get(key)?.value ?? []) as readonly string[];

/** Paths as they are meant where they are set: the setting will have another origin. */
function placesOf(entry: SettingEntry | undefined, cwd: string): readonly string[] {
  const folder = settingFolder(entry?.origin, cwd);
  const values = (entry?.value ?? []) as readonly string[];
  return values.map((value) => (/^[a-z][a-z0-9+.-]+:/i.test(value) ? value : path.resolve(folder, value)));
}

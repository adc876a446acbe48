import { PybunError } from "../../plugin-api/error.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import { type Session, settingsOf } from "../../plugin-api/session.ts";
import { settings } from "./settings.ts";

/** `config_settings` of PEP 517: several values of one key are a list. */
export type ConfigSettings = Readonly<Record<string, string | readonly string[]>>;

/** How builds are made, as far as the user decides it. */
export interface Choices {
  readonly isIsolated: boolean;
  readonly configSettings: ConfigSettings;
}

/** The settings for the build of a package; its own come after those for all. Throws `E_CONFIG_INVALID`. */
export function choicesFor(name: string, session: Session): Choices {
  const { buildIsolation, configSettings, configSettingsPackage } = settingsOf(session, settings);
  const all = new Map<string, string | readonly string[]>();
  for (const text of configSettings) {
    const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (key === undefined || value === undefined)
      throw new PybunError("E_CONFIG_INVALID", `a setting for build backends is no KEY=VALUE: \`${text}\``);
    const before = all.get(key);
    all.set(key, before === undefined ? value : [before, value].flat());
  }
  const tables = Object.entries((configSettingsPackage ?? {}) as Readonly<Record<string, ConfigSettings>>);
  const own = tables.find(([each]) => normalizeName(each) === name)?.[1] ?? {};
  return { isIsolated: buildIsolation, configSettings: { ...Object.fromEntries(all), ...own } };
}

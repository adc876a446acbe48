import { PybunError } from "./error.ts";
import type { SettingEntry, SettingsTable } from "./services.ts";

/** The table of the settings of a run by name in code, which `amend` changes. */
export const settingsTable = (settings: ReadonlyMap<string, SettingEntry>): SettingsTable => ({
  get entries() {
    return [...settings.values()];
  },
  get: (key) => [...settings.values()].find((entry) => entry.key === key),
  amend(name, value, origin) {
    const entry = settings.get(name);
    if (!entry || JSON.stringify(entry.value) === JSON.stringify(value)) return;
    if (entry.origin.kind === "policy")
      throw new PybunError(
        "E_POLICY",
        `\`${entry.key}\` is fixed by ${entry.origin.name}, ${origin.name} may not change it`,
      );
    (settings as Map<string, SettingEntry>).set(name, { ...entry, value, origin });
  },
});

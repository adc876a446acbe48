import { PybunError } from "./error.ts";
import type { SettingEntry, SettingsTable } from "./services.ts";

const amended = new WeakMap<ReadonlyMap<string, SettingEntry>, number>();

/** How often the settings of a run were amended: while that is the same, so are they. */
const amendmentsOf = (settings: ReadonlyMap<string, SettingEntry>): number => amended.get(settings) ?? 0;

/** Gives the settings of some plugins, by name in code, as they are now. Asked for each package: they are read anew only when amended. */
export function valuesFor(
  plugins: readonly string[],
  settings: ReadonlyMap<string, SettingEntry>,
): () => Readonly<Record<string, unknown>> {
  let values: Readonly<Record<string, unknown>> = {};
  let readAt = -1;
  return () => {
    if (readAt === amendmentsOf(settings)) return values;
    readAt = amendmentsOf(settings);
    const own = [...settings].filter(([, { plugin }]) => plugins.includes(plugin));
    return (values = Object.freeze(Object.fromEntries(own.map(([name, { value }]) => [name, value]))));
  };
}

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
    amended.set(settings, amendmentsOf(settings) + 1);
  },
});

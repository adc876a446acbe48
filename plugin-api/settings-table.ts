import { PybunError } from "./error.ts";
import type { SettingEntry, SettingsTable } from "./services.ts";

const amended = new WeakMap<ReadonlyMap<string, SettingEntry>, number>();

/** How often the settings of a run were amended: while that is the same, so are they. */
const amendmentsOf = (settings: ReadonlyMap<string, SettingEntry>): number => amended.get(settings) ?? 0;

type Values = readonly (readonly [name: string, value: unknown])[];
const byPlugin = new WeakMap<
  ReadonlyMap<string, SettingEntry>,
  { readonly at: number; readonly values: ReadonlyMap<string, Values> }
>();

/** Settings by the plugin that declares them, in one go: each of some thirty plugins wants its own. */
function settingsByPlugin(settings: ReadonlyMap<string, SettingEntry>): ReadonlyMap<string, Values> {
  const at = amendmentsOf(settings);
  const known = byPlugin.get(settings);
  if (known?.at === at) return known.values;
  const values = new Map<string, [name: string, value: unknown][]>();
  for (const [name, { plugin, value }] of settings) {
    const own = values.get(plugin);
    if (own) own.push([name, value]);
    else values.set(plugin, [[name, value]]);
  }
  byPlugin.set(settings, { at, values });
  return values;
}

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
    const all = settingsByPlugin(settings);
    return (values = Object.freeze(Object.fromEntries(plugins.flatMap((plugin) => all.get(plugin) ?? []))));
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

import { PybunError } from "../plugin-api/error.ts";
import { flagName, type Option } from "../plugin-api/option.ts";
import { emptyValue } from "../plugin-api/option-value.ts";
import type { SettingEntry } from "../plugin-api/services.ts";
import { fromArgv, fromEnv, fromLayers } from "../plugin-api/setting-sources.ts";
import type { Layer } from "../plugin-api/system/config-files.ts";
import type { Typed } from "./command-line.ts";

type Env = Readonly<Record<string, string | undefined>>;
type Owned = ReadonlyMap<string, { readonly plugin: string; readonly option: Option }>;

/** Everything that decides the values of one run. */
export interface Sources {
  readonly settings: Owned;
  /** Lowest precedence first: preset defaults, other tools' files, configuration files. */
  readonly layers: readonly Layer[];
  readonly locked: readonly Layer[];
  readonly env: Env;
  readonly typed: Typed;
}

/** One value per setting, with its origin. Throws `E_CONFIG_INVALID`, `E_USAGE`, `E_POLICY`. */
export function settle({ settings, layers, locked, env, typed }: Sources): ReadonlyMap<string, SettingEntry> {
  const entries = new Map<string, SettingEntry>();
  for (const [name, { option, plugin }] of settings) {
    const key = option.key ?? flagName(name);
    const lock = fromLayers(locked, option);
    const found = fromArgv(typed, name, option) ??
      fromEnv(env, option) ??
      fromLayers(layers, option) ?? {
        value: emptyValue(option),
        origin: { kind: "default", name: "built in" } as const,
      };
    if (lock && found.origin.kind !== "default" && JSON.stringify(found.value) !== JSON.stringify(lock.value))
      throw new PybunError(
        "E_POLICY",
        `\`${key}\` is fixed by ${lock.origin.name}, ${found.origin.name} may not change it`,
      );
    entries.set(name, { key, option, plugin, ...(lock ?? found) });
  }
  return entries;
}

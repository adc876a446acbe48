import { PybunError } from "./error.ts";
import { perObject } from "./per-object.ts";
import type { Plugin } from "./plugin.ts";
import type { Layer } from "./system/config-files.ts";

/** Who is in the product: an ordered list of plugins with default and locked settings (SPEC PRE-01). */
export interface Preset {
  readonly name: string;
  /** Name of a shipped preset whose plugins come first; its defaults and locks apply below this one's. */
  readonly extends?: string;
  /** Order is the order in which plugins are asked. Absent: those of the extended preset are all. */
  readonly plugins?: readonly Plugin[];
  /** Names of plugins of the extended preset to leave out. */
  readonly without?: readonly string[];
  /** Values by dotted key, below every file, variable and flag. */
  readonly defaults?: Readonly<Record<string, unknown>>;
  /** Values by dotted key that nothing else may change; an attempt is `E_POLICY`. */
  readonly locked?: Readonly<Record<string, unknown>>;
}

/** Keeps the literal types of a preset. */
export const definePreset = <const P extends Preset>(preset: P): P => preset;

/** A plugin and where it was named: a preset, or a file. */
export type Member = Plugin & { readonly origin: string };

type Presets = Readonly<Record<string, Preset>>;

const lineages = perObject((_presets: Presets) => new Map<string, readonly Preset[]>());

/** A preset and those it extends, the most basic first. Throws `E_PLUGIN` for a name that is not there. */
export function lineage(presets: Presets, name: string): readonly Preset[] {
  const known = lineages(presets);
  let found = known.get(name);
  if (!found) known.set(name, (found = lineageOf(presets, name)));
  return found;
}

function lineageOf(presets: Presets, name: string): readonly Preset[] {
  const preset = presets[name];
  if (!preset)
    throw new PybunError("E_PLUGIN", `no preset \`${name}\``, {
      evidence: [`presets: ${Object.keys(presets).join(", ")}`],
    });
  return preset.extends === undefined ? [preset] : [...lineage(presets, preset.extends), preset];
}

/** The plugins of a lineage, in order, each with the preset that brought it. */
export const members = perObject((presets: readonly Preset[]): readonly Member[] => {
  let all: Member[] = [];
  for (const preset of presets) {
    const without = new Set(preset.without);
    all = all.filter((plugin) => !without.has(plugin.name));
    for (const plugin of preset.plugins ?? []) all.push({ ...plugin, origin: `preset ${preset.name}` });
  }
  return all;
});

/** A preset's default values as the lowest layer of settings. */
export const defaultsOf = (preset: Preset): Layer => layerOf(preset, "preset", preset.defaults);
/** A preset's locked values; none or one layer. */
export const locksOf = (preset: Preset): Layer[] => (preset.locked ? [layerOf(preset, "policy", preset.locked)] : []);
const layerOf = (preset: Preset, kind: Layer["kind"], values: Readonly<Record<string, unknown>> = {}): Layer => ({
  kind,
  name: `preset ${preset.name}`,
  values: new Map(Object.entries(values)),
});

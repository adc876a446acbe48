import path from "node:path";
import { lineage, type Member, members } from "../plugin-api/preset.ts";
import type { SettingEntry } from "../plugin-api/services.ts";
import { findLine } from "../plugin-api/system/config-files.ts";
import { userConfigDir } from "../plugin-api/system/directories.ts";
import type { Trust } from "../plugin-api/system/plugin-trust.ts";
import type { Start } from "./set-up.ts";

interface Wanted {
  readonly start: Start;
  readonly chosen: ReadonlyMap<string, SettingEntry>;
  readonly cwd: string;
  /** The command mends plugins: it must run although one can't be loaded. */
  readonly repairs: boolean;
}

/** Another preset or further plugins, when settings name some; undefined when the executable's own preset is all. */
export async function furtherMembers({ start, chosen, cwd, repairs }: Wanted) {
  const preset = chosen.get("preset") as SettingEntry;
  const plugins = chosen.get("plugins") as SettingEntry;
  const name = preset.value as string | undefined;
  const names = plugins.value as readonly string[];
  if (name === undefined && names.length === 0) return undefined;
  const configDir = userConfigDir(start.env, start.home, start.platform);
  const trust: Trust = { configDir, ask: start.ask };
  const presets =
    name === undefined
      ? lineage(start.presets, start.preset)
      : await presetsFor({ start, name, entry: preset, cwd, trust });
  const { loadPlugin } = await import("./load-plugins.ts");
  const added: Member[] = [];
  if (!repairs)
    for (const plugin of names) added.push(await loadPlugin({ name: plugin, ...placeOf(plugins, plugin, cwd) }, trust));
  return { presets, members: [...members(presets), ...added] };
}

async function presetsFor(wanted: { start: Start; name: string; entry: SettingEntry; cwd: string; trust: Trust }) {
  const { start, name, entry, cwd, trust } = wanted;
  if (Object.hasOwn(start.presets, name)) return lineage(start.presets, name);
  const { loadPreset } = await import("./load-plugins.ts");
  const loaded = await loadPreset({ name, ...placeOf(entry, name, cwd) }, trust);
  return lineage({ ...start.presets, [loaded.name]: loaded }, loaded.name);
}

/** Relative names start from the file that holds them, else from the working directory. */
const placeOf = ({ origin }: SettingEntry, value: string, cwd: string) =>
  origin.kind === "file"
    ? { from: folderOf(origin.name), origin: `${origin.name}${findLine(origin.name, value)}` }
    : { from: cwd, origin: origin.name };

/** `.pybun/config.toml` speaks for the project folder above it. */
const folderOf = (file: string): string => {
  const folder = path.dirname(file);
  return path.basename(folder) === ".pybun" ? path.dirname(folder) : folder;
};

import { pathToFileURL } from "node:url";
import { PybunError } from "../plugin-api/error.ts";
import { API_VERSION, type Plugin } from "../plugin-api/plugin.ts";
import type { Member, Preset } from "../plugin-api/preset.ts";
import { entryOf, locate, type Named } from "../plugin-api/system/plugin-files.ts";
import { ensureTrusted, type Trust } from "../plugin-api/system/plugin-trust.ts";
import { attribute } from "./failure.ts";

/** Imports a trusted plugin's manifest. Throws `E_PLUGIN`, `E_PLUGIN_API`, `E_PLUGIN_CHANGED`. */
export async function loadPlugin(named: Named, trust: Trust): Promise<Member> {
  const file = locate(named);
  await ensureTrusted(file, named.origin, trust);
  const plugin = (await importDefault(file)) as Plugin;
  if (typeof plugin?.name !== "string" || Math.trunc(plugin.apiVersion) !== API_VERSION)
    throw new PybunError("E_PLUGIN_API", `${file} is no plugin for plugin interface ${API_VERSION}`);
  return { ...plugin, origin: file };
}

/** Imports a trusted preset from a file. */
export async function loadPreset(named: Named, trust: Trust): Promise<Preset> {
  const file = locate(named);
  await ensureTrusted(file, named.origin, trust);
  const preset = (await importDefault(file)) as Preset;
  if (typeof preset?.name !== "string" || !Array.isArray(preset.plugins ?? []))
    throw new PybunError("E_PLUGIN_API", `${file} is no preset`);
  return preset;
}

async function importDefault(file: string): Promise<unknown> {
  const { registerPluginApi } = await import("../plugin-api/native.ts");
  registerPluginApi();
  try {
    return ((await import(pathToFileURL(entryOf(file)).href)) as { default?: unknown }).default;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw attribute(new PybunError("E_PLUGIN", `${file} can't be loaded: ${reason}`, { cause }), {
      plugin: file,
      stage: "load",
    });
  }
}

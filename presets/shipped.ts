import type { Preset } from "../plugin-api/preset.ts";
import standard from "./default.ts";
import enterprise from "./enterprise.ts";
import minimal from "./minimal.ts";

/** The presets in every executable, by name. */
export const presets: Readonly<Record<string, Preset>> = { default: standard, enterprise, minimal };

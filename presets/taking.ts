import { assemble } from "../kernel/assemble.ts";
import { takesText } from "../plugin-api/argv/flags.ts";
import { flagName } from "../plugin-api/option.ts";
import { lineage, members } from "../plugin-api/preset.ts";
import { presets } from "./shipped.ts";

/** Options of every command whose next word is their value, as they are typed. */
export const taking: readonly string[] = [...assemble(members(lineage(presets, "default"))).settings].flatMap(
  ([name, { option }]) => {
    if (option.argv === false || !takesText(option)) return [];
    return [`--${flagName(name)}`, ...(option.short === undefined ? [] : [`-${option.short}`])];
  },
);

import { PybunError } from "../../plugin-api/error.ts";
import { parseAge, parseSize } from "../../plugin-api/text/units.ts";
import { usageError } from "../../plugin-api/usage.ts";

/** Throws `E_USAGE`. */
export function sizeOption(text: string): number {
  const bytes = parseSize(text);
  if (bytes === undefined) throw usageError("gc", `\`--max-size\` takes a size such as 500M or 1.5G, not \`${text}\``);
  return bytes;
}

/** Throws `E_USAGE`. */
export function ageOption(text: string): number {
  const ms = parseAge(text);
  if (ms === undefined) throw usageError("gc", `\`--max-age\` takes an age such as 12h, 30d or 8w, not \`${text}\``);
  return ms;
}

/** Throws `E_CONFIG_INVALID`. */
export function sizeSetting(text: string): number {
  const bytes = parseSize(text);
  if (bytes === undefined) throw badSetting("cache.max-size", `a size such as 20G, not \`${text}\``);
  return bytes;
}

/** Throws `E_CONFIG_INVALID`. */
export function ageSetting(text: string): number {
  const ms = parseAge(text);
  if (ms === undefined) throw badSetting("cache.max-age", `an age such as 90d, not \`${text}\``);
  return ms;
}

const badSetting = (key: string, wanted: string): PybunError =>
  new PybunError("E_CONFIG_INVALID", `\`${key}\` takes ${wanted}`, {
    hints: [`see where it is set: \`pybun config get ${key} --show-origin\``],
    context: { key },
  });

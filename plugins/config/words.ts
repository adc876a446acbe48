import { parse } from "smol-toml";
import { readValue } from "../../plugin-api/option-value.ts";
import { formatTomlValue, type TomlValue } from "../../plugin-api/toml-value.ts";
import { usageError } from "../../plugin-api/usage.ts";
import { insideOf, type KnownKey } from "./known.ts";

/** The value that words of a command line give a setting. Throws `E_USAGE`. */
export function valueOfWords(key: KnownKey, words: readonly string[]): TomlValue {
  const { typed } = key;
  const { option } = key.entry;
  const [first = ""] = words;
  if (option.kind === "table") return literal(typed, words.join(" "), insideOf(key).length > 0);
  if (option.kind === "list") return words.length === 1 && first.startsWith("[") ? literal(typed, first, false) : words;
  if (words.length > 1) throw usageError("config set", `\`${typed}\` takes one value, not ${words.length}`);
  const read = readValue(first, option);
  if ("value" in read) return read.value as TomlValue;
  throw usageError("config set", `\`${typed}\` takes ${read.expected}, not \`${first}\``);
}

/** A value in TOML's own form; a word inside a table that is none is a string. */
function literal(typed: string, text: string, isInside: boolean): TomlValue {
  try {
    return parse(`x = ${text}`)["x"] as TomlValue;
  } catch {
    if (isInside && !/^[[{]/.test(text)) return text;
    throw usageError("config set", `\`${typed}\` takes a value in TOML's form, not \`${text}\``);
  }
}

/** A value for people: texts bare, lists one item a line, tables as TOML. */
export function valueInText(value: unknown): string {
  if (value === undefined) return "";
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map((item) => valueInText(item)).join("\n");
  return formatTomlValue(value as TomlValue);
}

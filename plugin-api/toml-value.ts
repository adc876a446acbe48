/** What a TOML value can be written from. */
export type TomlValue = string | number | boolean | Date | readonly TomlValue[] | { readonly [key: string]: TomlValue };

/** A value on one line: basic strings, inline tables. Throws `RangeError` for a number TOML has no form for. */
export function formatTomlValue(value: TomlValue): string {
  if (typeof value === "string") return basicString(value);
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number") return formatNumber(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return `[${value.map((item) => formatTomlValue(item as TomlValue)).join(", ")}]`;
  const pairs = Object.entries(value).map(([key, item]) => `${formatTomlKey(key)} = ${formatTomlValue(item)}`);
  return pairs.length === 0 ? "{}" : `{ ${pairs.join(", ")} }`;
}

/** A key or the parts of a dotted one; parts that are not bare stand in quotes. */
export const formatTomlKey = (...parts: readonly (string | number)[]): string =>
  parts.map((part) => (/^[A-Za-z0-9_-]+$/.test(String(part)) ? String(part) : basicString(String(part)))).join(".");

function formatNumber(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) throw new RangeError(`${value} is no exact integer`);
  return String(value);
}

const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\f": "\\f",
  "\r": "\\r",
};

function basicString(text: string): string {
  // oxlint-disable-next-line no-control-regex -- TOML wants these escaped
  const escaped = text.replace(/["\\\u0000-\u001f\u007f]/g, (char) => {
    return SHORT[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
  return `"${escaped}"`;
}

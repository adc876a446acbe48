import type { Option } from "./option.ts";

const TRUE = new Set(["1", "true", "yes", "on"]);
const FALSE = new Set(["0", "false", "no", "off"]);

/**
 * The value an option takes from a text or from TOML data, or `expected`: the words for what it would take. Texts are
 * read as variables and the command line give them; a single string is a list of one.
 */
export function readValue(value: unknown, option: Option): { readonly value: unknown } | { readonly expected: string } {
  switch (option.kind) {
    case "flag": {
      const flag = readFlag(value, option.isCounted === true);
      return flag === undefined ? { expected: "true or false" } : { value: flag };
    }
    case "number": {
      const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
      return typeof number === "number" && Number.isFinite(number) ? { value: number } : { expected: "a number" };
    }
    case "text":
      if (typeof value !== "string") return { expected: "a string" };
      return option.choices && !option.choices.includes(value) ? { expected: inWords(option.choices) } : { value };
    case "list": {
      const list = typeof value === "string" ? [value] : value;
      const isList = Array.isArray(list) && list.every((item) => typeof item === "string");
      return isList ? { value: list } : { expected: "a list of strings" };
    }
    case "table":
      return typeof value === "object" && value !== null ? { value } : { expected: "a table" };
  }
}

function readFlag(value: unknown, isCounted: boolean): boolean | number | undefined {
  if (isCounted && typeof value === "number") return value;
  const text = String(value).toLowerCase();
  const flag = typeof value === "boolean" ? value : TRUE.has(text) ? true : FALSE.has(text) ? false : undefined;
  return isCounted && flag !== undefined ? Number(flag) : flag;
}

/** The value of an option that nobody set. */
export function emptyValue(option: Option): unknown {
  if (option.kind === "flag") return option.isCounted ? 0 : (option.default ?? false);
  if (option.kind === "list") return [];
  return option.kind === "table" ? undefined : option.default;
}

const inWords = (words: readonly string[]): string => `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;

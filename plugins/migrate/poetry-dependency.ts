import type { Table } from "../../plugin-api/project/project-text.ts";
import { isTable } from "../../plugin-api/project/project-text.ts";
import type { TomlValue } from "../../plugin-api/toml-value.ts";
import { platformMarker, pythonMarker, specifierOf } from "./poetry-constraint.ts";
import { textAt, textsAt } from "./values.ts";

/** A dependency in the standard form, with the place it comes from. */
export interface Converted {
  /** PEP 508; several for constraints that hold under different conditions. */
  readonly requirements: readonly string[];
  /** For `[tool.pybun.sources]`. */
  readonly source?: TomlValue;
  readonly isOptional: boolean;
}
/** Why a dependency can't be said in the standard form. */
export interface Inexpressible {
  readonly reason: string;
}

const KEYS = `
  version extras markers python platform optional source git branch tag rev subdirectory path file
  develop url allow-prereleases allows-prereleases
`
  .trim()
  .split(/\s+/);

/** One entry of Poetry's tables of dependencies: a constraint, a table, or a list of tables for different conditions. Pure. */
export function convertDependency(name: string, value: unknown): Converted | Inexpressible {
  const entries = Array.isArray(value) ? (value as readonly unknown[]) : [value];
  const made = entries.map((entry) => one(name, typeof entry === "string" ? { version: entry } : entry));
  const fault = made.find((each): each is Inexpressible => "reason" in each);
  if (fault) return fault;
  const all = made as readonly One[];
  const sources = all.filter(({ source }) => source !== undefined);
  const isSingle = all.length === 1;
  const source = sources.map(({ source: table, marker }) => (isSingle || marker === "" ? table : { ...table, marker }));
  return {
    requirements: all.map(({ requirement }) => requirement),
    ...(source.length > 0 && { source: (source.length === 1 ? source[0] : source) as TomlValue }),
    isOptional: all.some(({ isOptional }) => isOptional),
  };
}

interface One {
  readonly requirement: string;
  readonly marker: string;
  readonly source?: Readonly<Record<string, TomlValue>>;
  readonly isOptional: boolean;
}

function one(name: string, entry: unknown): One | Inexpressible {
  if (!isTable(entry)) return { reason: "is neither a constraint nor a table" };
  const unknown = Object.keys(entry).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) return { reason: `has the key \`${unknown}\`, which nothing stands for` };
  const version = textAt(entry, "version") ?? "";
  const specifier = specifierOf(version);
  if (specifier === undefined) return { reason: `\`${version}\` is no range that a specifier can say` };
  const marker = markerOf(entry);
  if (marker === undefined) return { reason: "is for Pythons that no marker can say" };
  const extras = extrasOf(entry);
  const source = sourceOf(entry);
  // A place has no range: what lies there is meant.
  const range = source !== undefined && !("index" in source) ? "" : specifier;
  const isPre = entry["allow-prereleases"] === true || entry["allows-prereleases"] === true;
  if (isPre && !/[ab]\d|rc\d|dev\d/.test(range))
    return { reason: "allows pre-releases of one package: name one in the range, such as `>=2.0b1`" };
  return {
    requirement: `${name}${extras}${range}${marker === "" ? "" : `; ${marker}`}`,
    marker,
    ...(source && { source }),
    isOptional: entry["optional"] === true,
  };
}

const extrasOf = (entry: Table): string => {
  const extras = textsAt(entry, "extras");
  return extras.length === 0 ? "" : `[${extras.join(",")}]`;
};

function markerOf(entry: Table): string | undefined {
  const python = textAt(entry, "python");
  const fromPython = python === undefined ? "" : pythonMarker(python);
  if (fromPython === undefined) return undefined;
  const platform = textAt(entry, "platform");
  const parts = [fromPython, platform === undefined ? "" : platformMarker(platform), textAt(entry, "markers") ?? ""];
  const said = parts.filter((part) => part !== "");
  return said.length === 1 ? said[0] : said.map((part) => (part.includes(" or ") ? `(${part})` : part)).join(" and ");
}

function sourceOf(entry: Table): Readonly<Record<string, TomlValue>> | undefined {
  const take = (...keys: readonly string[]): Record<string, TomlValue> =>
    Object.fromEntries(
      keys.flatMap((key) => {
        const value = textAt(entry, key);
        return value === undefined ? [] : [[key, value]];
      }),
    );
  const place = textAt(entry, "path") ?? textAt(entry, "file");
  if (textAt(entry, "git") !== undefined) return take("git", "branch", "tag", "rev", "subdirectory");
  if (place !== undefined)
    return { path: place, ...(entry["develop"] === true && { editable: true }), ...take("subdirectory") };
  if (textAt(entry, "url") !== undefined) return take("url", "subdirectory");
  const index = textAt(entry, "source");
  return index === undefined || index.toLowerCase() === "pypi" ? undefined : { index };
}

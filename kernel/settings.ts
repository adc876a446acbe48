import { PybunError } from "../plugin-api/error.ts";
import type { Option, Origin } from "../plugin-api/option.ts";
import { flagName } from "../plugin-api/option.ts";
import { emptyValue, readValue } from "../plugin-api/option-value.ts";
import type { SettingEntry } from "../plugin-api/services.ts";
import type { Layer } from "../plugin-api/system/config-files.ts";
import type { Typed } from "./command-line.ts";

type Table = Readonly<Record<string, unknown>>;
type Env = Readonly<Record<string, string | undefined>>;
type Owned = ReadonlyMap<string, { readonly plugin: string; readonly option: Option }>;

/** Everything that decides the values of one run. */
export interface Sources {
  readonly settings: Owned;
  /** Lowest precedence first: preset defaults, other tools' files, configuration files. */
  readonly layers: readonly Layer[];
  readonly locked: readonly Layer[];
  readonly env: Env;
  readonly typed: Typed;
}

/** One value per setting, with its origin. Throws `E_CONFIG_INVALID`, `E_USAGE`, `E_POLICY`. */
export function settle({ settings, layers, locked, env, typed }: Sources): ReadonlyMap<string, SettingEntry> {
  const entries = new Map<string, SettingEntry>();
  for (const [name, { option, plugin }] of settings) {
    const key = option.key ?? flagName(name);
    const lock = locked.map((layer) => fromLayer(layer, option)).findLast((found) => found !== undefined);
    const found = fromArgv(typed, name, option) ??
      fromEnv(env, option) ??
      layers.map((layer) => fromLayer(layer, option)).findLast((value) => value !== undefined) ?? {
        value: emptyValue(option),
        origin: { kind: "default", name: "built in" } as const,
      };
    if (lock && found.origin.kind !== "default" && JSON.stringify(found.value) !== JSON.stringify(lock.value))
      throw new PybunError(
        "E_POLICY",
        `\`${key}\` is fixed by ${lock.origin.name}, ${found.origin.name} may not change it`,
      );
    entries.set(name, { key, option, plugin, ...(lock ?? found) });
  }
  return entries;
}

interface Found {
  readonly value: unknown;
  readonly origin: Origin;
}

export function fromArgv(typed: Typed, name: string, option: Option): Found | undefined {
  const given = typed.options.get(name);
  if (given === undefined) return undefined;
  const flag = `--${flagName(name)}`;
  const origin = { kind: "argv", name: flag } as const;
  if (option.kind === "list") return { value: given, origin };
  if (option.kind === "flag")
    return { value: option.isCounted ? given.filter((value) => value === true).length : given.at(-1), origin };
  return { value: check(given.at(-1), option, { code: "E_USAGE", who: `\`${flag}\`` }), origin };
}

function fromEnv(env: Env, option: Option): Found | undefined {
  for (const name of option.env ?? []) {
    const text = env[name];
    if (text === undefined || text === "") continue;
    const separator = option.kind === "list" ? (option.separator ?? /\s+/) : undefined;
    const raw = separator === undefined ? text : text.split(separator).filter((part) => part !== "");
    return {
      value: check(raw, option, { code: "E_CONFIG_INVALID", who: name }),
      origin: { kind: "environment", name },
    };
  }
  return undefined;
}

function fromLayer(layer: Layer, option: Option): Found | undefined {
  if (option.key === undefined) return undefined;
  const value = lookUp(layer.values, option.key);
  if (value === undefined) return undefined;
  const line = layer.lines?.get(option.key);
  const who = `\`${option.key}\` in ${layer.name}${line === undefined ? "" : `:${line}`}`;
  const origin: Origin = { kind: layer.kind, name: layer.name, ...(line === undefined ? {} : { line }) };
  return { value: check(value, option, { code: "E_CONFIG_INVALID", who, file: layer.name }), origin };
}

/** A dotted key stands either as it is or as nested tables. */
function lookUp(values: ReadonlyMap<string, unknown>, key: string): unknown {
  if (values.has(key)) return values.get(key);
  const [first, ...rest] = key.split(".");
  let at: unknown = values.get(first as string);
  for (const part of rest) at = typeof at === "object" && at !== null ? (at as Table)[part] : undefined;
  return at;
}

function check(value: unknown, option: Option, place: { code: string; who: string; file?: string }): unknown {
  const read = readValue(value, option);
  if ("value" in read) return read.value;
  const shown = typeof value === "string" ? value : JSON.stringify(value);
  const detail = place.file === undefined ? {} : { file: place.file };
  throw new PybunError(place.code, `${place.who} takes ${read.expected}, not \`${shown}\``, detail);
}

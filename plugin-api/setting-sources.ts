import { PybunError } from "./error.ts";
import { flagName, type ListOption, type Option, type Origin } from "./option.ts";
import { readValue } from "./option-value.ts";
import { type Layer, lineIn } from "./system/config-files.ts";

type Table = Readonly<Record<string, unknown>>;
type Env = Readonly<Record<string, string | undefined>>;

/** A value and where it was found. */
export interface Found {
  readonly value: unknown;
  readonly origin: Origin;
}

/** From the command line. Throws `E_USAGE`. */
export function fromArgv(
  typed: { readonly options: ReadonlyMap<string, readonly (string | boolean)[]> },
  name: string,
  option: Option,
): Found | undefined {
  const given = typed.options.get(name);
  if (given === undefined) return undefined;
  const flag = `--${flagName(name)}`;
  const origin = { kind: "argv", name: flag } as const;
  if (option.kind === "list") return { value: given, origin };
  if (option.kind === "flag")
    return { value: option.isCounted ? given.filter((value) => value === true).length : given.at(-1), origin };
  return { value: check(given.at(-1), option, { code: "E_USAGE", who: `\`${flag}\`` }), origin };
}

/** From the first of the option's variables that is set. Throws `E_CONFIG_INVALID`. */
export function fromEnv(env: Env, option: Option): Found | undefined {
  for (const name of option.env ?? []) {
    const text = env[name];
    if (text === undefined || text === "") continue;
    const raw = option.kind === "list" ? splitList(text, separatorOf(option, name)) : text;
    return {
      value: check(raw, option, { code: "E_CONFIG_INVALID", who: name }),
      origin: { kind: "environment", name },
    };
  }
  return undefined;
}

const separatorOf = ({ separator }: ListOption, name: string): string | RegExp =>
  (typeof separator === "object" ? separator[name] : separator) ?? /\s+/;

const splitList = (text: string, separator: string | RegExp): readonly string[] =>
  text
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== "");

/** From one file, preset or policy. Throws `E_CONFIG_INVALID`. */
export function fromLayer(layer: Layer, option: Option): Found | undefined {
  if (option.key === undefined) return undefined;
  const value = lookUp(layer.values, option.key);
  if (value === undefined) return undefined;
  const known = layer.lines?.get(option.key);
  const origin: Origin = { kind: layer.kind, name: layer.name, ...(known !== undefined && { line: known }) };
  const read = readValue(value, option);
  if ("value" in read) return { value: read.value, origin };
  const line = known ?? lineIn(layer, option.key);
  const who = `\`${option.key}\` in ${layer.name}${line === undefined ? "" : `:${line}`}`;
  const detail = { file: layer.name, ...(line !== undefined && { line }) };
  throw new PybunError("E_CONFIG_INVALID", `${who} takes ${read.expected}, not \`${shown(value)}\``, detail);
}

/** From the last of several that has it; all of them are read. Throws `E_CONFIG_INVALID`. */
export function fromLayers(layers: readonly Layer[], option: Option): Found | undefined {
  let last: Found | undefined;
  // Hundreds of settings, and hardly a file that says something.
  for (const layer of layers) if (layer.values.size > 0) last = fromLayer(layer, option) ?? last;
  return last;
}

/** A dotted key stands either as it is or as nested tables. */
function lookUp(values: ReadonlyMap<string, unknown>, key: string): unknown {
  if (values.has(key)) return values.get(key);
  const end = key.indexOf(".");
  let at: unknown = end < 0 ? undefined : values.get(key.slice(0, end));
  for (const part of at === undefined ? [] : key.slice(end + 1).split("."))
    at = typeof at === "object" && at !== null ? (at as Table)[part] : undefined;
  return at;
}

function check(value: unknown, option: Option, { code, who }: { code: string; who: string }): unknown {
  const read = readValue(value, option);
  if ("value" in read) return read.value;
  throw new PybunError(code, `${who} takes ${read.expected}, not \`${shown(value)}\``);
}

const shown = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

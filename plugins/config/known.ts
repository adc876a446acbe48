import { PybunError } from "../../plugin-api/error.ts";
import { nearest } from "../../plugin-api/nearest.ts";
import type { Option, Origin } from "../../plugin-api/option.ts";
import { emptyValue } from "../../plugin-api/option-value.ts";
import { isSecretName, MASK } from "../../plugin-api/redact-rules.ts";
import { Catalogue, Host, type SettingEntry, SettingsTable } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { type Found, fromEnv, fromLayers } from "../../plugin-api/setting-sources.ts";
import { readLayers } from "../../plugin-api/system/config-files.ts";
import { isPrefix, parseTomlKey, type TomlPath } from "../../plugin-api/toml-document.ts";
import { usageError } from "../../plugin-api/usage.ts";

/** Everything that has a key: the settings of plugins, and the options of commands that files may set. Sorted by key. */
export async function knownSettings(session: Session): Promise<readonly SettingEntry[]> {
  const [table, { commands }, host] = await Promise.all([
    session.use(SettingsTable),
    session.use(Catalogue),
    session.use(Host),
  ]);
  const known = new Map<string, SettingEntry>();
  for (const entry of table.entries) if (entry.option.key !== undefined) known.set(entry.key, entry);
  const valueOf = valuesOfCommands(host, configFileOf(session));
  for (const { command, plugin } of commands.values())
    for (const option of Object.values<Option>(command.spec.options))
      if (option.key !== undefined && !known.has(option.key))
        known.set(option.key, { key: option.key, option, plugin, ...valueOf(option) });
  return [...known.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** `--config-file` or its variable. */
export const configFileOf = (session: Session): string | undefined =>
  session.settings["configFile"] as string | undefined;

/** The kernel settles options of the running command only; those of others are read from the same places here. */
function valuesOfCommands(host: Host, configFile: string | undefined): (option: Option) => Found {
  const layers = readLayers({ ...host, ...(configFile === undefined ? {} : { configFile }) }, () => {});
  const builtIn: Origin = { kind: "default", name: "built in" };
  return (option) =>
    fromEnv(host.env, option) ??
    fromLayers(layers, option) ?? {
      value: emptyValue(option),
      origin: builtIn,
    };
}

/** A key somebody typed, its parts, and what it sets: `sources.flask` lies inside the table `sources`. */
export interface TypedKey {
  readonly typed: string;
  readonly path: TomlPath;
  /** Undefined for a key nobody reads. */
  readonly entry: SettingEntry | undefined;
}
export type KnownKey = TypedKey & { readonly entry: SettingEntry };

/** Throws `E_USAGE` for what is no key at all. */
export function typedKey(known: readonly SettingEntry[], typed: string, command: string): TypedKey {
  const path = pathOf(typed, command);
  const entry =
    known.find(({ key }) => key === path.join(".")) ??
    known.find(({ key, option }) => option.kind === "table" && isPrefix(key.split("."), path));
  return { typed, path, entry };
}

/** As `typedKey`; throws `E_USAGE` for a key nobody reads, with the nearest one. */
export function knownKey(known: readonly SettingEntry[], typed: string, command: string): KnownKey {
  const { path, entry } = typedKey(known, typed, command);
  if (entry) return { typed, path, entry };
  const near = nearest(
    typed,
    known.map(({ key }) => key),
  );
  throw new PybunError("E_USAGE", `no setting \`${typed}\``, {
    hints: [
      near === undefined
        ? "see them all: `pybun config list`"
        : `did you mean \`${near}\`: \`pybun ${command} ${near}\``,
    ],
  });
}

/** Parts of a key inside the setting it belongs to; empty for the setting itself. */
export const insideOf = ({ entry, path }: KnownKey): TomlPath => path.slice(entry.key.split(".").length);

function pathOf(typed: string, command: string): TomlPath {
  try {
    return parseTomlKey(typed);
  } catch {
    throw usageError(command, `\`${typed}\` is no key`);
  }
}

/** A value as it may be shown: secrets are named in files, never printed. */
export const shownValue = ({ key, value }: Pick<SettingEntry, "key" | "value">): unknown =>
  isSecretName(key) && value !== undefined && value !== "" ? MASK : value;

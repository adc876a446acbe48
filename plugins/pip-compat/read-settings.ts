import path from "node:path";
import { pipFiles } from "../../plugin-api/pip-config/files.ts";
import { type IniEntry, IniSyntax, readIni } from "../../plugin-api/pip-config/ini.ts";
import type { ForeignSetting, ReadForeignSettings } from "../../plugin-api/plugin.ts";
import { passedOver, readForeignFile } from "../../plugin-api/system/foreign-file.ts";

type Place = Parameters<ReadForeignSettings>[0];

/** A value of the setting, or undefined when the text is of the wrong kind. */
type Read = (text: string, place: Place) => unknown;

const asText: Read = (text) => text;
const asList: Read = (text) => text.split(/\s+/).filter((item) => item !== "");
const asNumber: Read = (text) => (/^\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined);
const asFlag: Read = (text) => {
  if (/^(?:y|yes|t|true|on|1)$/i.test(text)) return true;
  return /^(?:n|no|f|false|off|0)$/i.test(text) ? false : undefined;
};
/** pip starts relative places from where it is called, and knows the home directory by `~`. */
const asPlaces: Read = (text, { cwd, home }) =>
  (asList(text, { cwd, home } as Place) as readonly string[]).map((place) => {
    if (/^[a-z][a-z0-9+.-]+:/i.test(place)) return place;
    return path.resolve(cwd, place.replace(/^~(?=\/|\\|$)/, home));
  });
const asPath: Read = (text, { cwd }) => path.resolve(cwd, text);

/** Options of pip, and the settings that mean the same. */
const SETTINGS: Readonly<Record<string, readonly [key: string, read: Read]>> = {
  "index-url": ["index-url", asText],
  "extra-index-url": ["extra-index-url", asList],
  "find-links": ["find-links", asPlaces],
  "no-index": ["no-index", asFlag],
  "trusted-host": ["http.trusted-host", asList],
  cert: ["http.cert", asPath],
  "client-cert": ["http.client-cert", asPath],
  proxy: ["http.proxy", asText],
  timeout: ["http.timeout", asNumber],
  retries: ["http.retries", asNumber],
};

/** Reads pip's configuration files (SPEC CFG-05): `[install]` goes before `[global]`, whatever the files. */
const readPipSettings: ReadForeignSettings = (place) => {
  const files = pipFiles(place).map((file) => [file, entriesOf(file, place)] as const);
  return ["global", "install"].flatMap((section) =>
    files.flatMap(([file, entries]) =>
      entries.filter((entry) => entry.section === section).flatMap((entry) => settingOf(entry, file, place)),
    ),
  );
};
export default readPipSettings;

function entriesOf(file: string, { warn }: Place): readonly IniEntry[] {
  const text = readForeignFile(file, warn);
  if (text === undefined) return [];
  try {
    return readIni(text);
  } catch (error) {
    if (!(error instanceof IniSyntax)) throw error;
    warn(passedOver(file, `${file}:${error.line} can't be read: ${error.message}`, error.line));
    return [];
  }
}

function settingOf({ section, key, value, line }: IniEntry, file: string, place: Place): readonly ForeignSetting[] {
  const option = key.replace(/^--/, "").replaceAll("_", "-");
  if (!Object.hasOwn(SETTINGS, option) || value === "") return [];
  const [name, read] = SETTINGS[option] as (typeof SETTINGS)[string];
  const known = read(value, place);
  if (known !== undefined) return [{ key: name, value: known, origin: file, line }];
  place.warn(passedOver(file, `\`${key}\` in [${section}] of ${file}:${line} can't be \`${value}\``, line));
  return [];
}

import path from "node:path";
import { parse, TomlError } from "smol-toml";
import type { ForeignSetting, ReadForeignSettings } from "../../plugin-api/plugin.ts";
import { passedOver, readForeignFile } from "../../plugin-api/system/foreign-file.ts";
import { type Level, uvLevels } from "./files.ts";

/** What a value comes to that is right and says nothing here. */
const NOTHING = Symbol("nothing");

type Place = Parameters<ReadForeignSettings>[0];
type Table = Readonly<Record<string, unknown>>;

/** What one file of uv's says. */
interface Found {
  readonly file: string;
  readonly table: Table;
}

/** Reads uv's index settings (SPEC CFG-05). Single values are the nearest file's, lists those of all, the nearest first. */
const readUvSettings: ReadForeignSettings = (place) => {
  const found = uvLevels(place).flatMap((level) => firstOf(level, place) ?? []);
  return Object.entries(SETTINGS).flatMap(([key, [name, read]]): ForeignSetting[] => {
    const values = found.flatMap(({ file, table }) => {
      const value = Object.hasOwn(table, key) ? read(table[key], path.dirname(file)) : undefined;
      if (value === NOTHING) return [];
      if (value === undefined && Object.hasOwn(table, key))
        place.warn(passedOver(file, `\`${key}\` in ${file} has a value that uv would not take`));
      return value === undefined ? [] : [{ file, value }];
    });
    const [nearest] = values;
    if (nearest === undefined) return [];
    const value = Array.isArray(nearest.value) ? distinct(values.flatMap((each) => each.value)) : nearest.value;
    return [{ key: name, value, origin: nearest.file }];
  });
};
export default readUvSettings;

function firstOf(level: Level, place: Place): Found | undefined {
  for (const file of level) {
    const table = tableIn(file, place);
    if (table !== undefined) return { file, table };
  }
  return undefined;
}

function tableIn(file: string, { warn }: Place): Table | undefined {
  const text = readForeignFile(file, warn);
  const isProject = path.basename(file) === "pyproject.toml";
  // Most projects say nothing of uv, and their file is parsed elsewhere anyway.
  if (text === undefined || (isProject && !/\buv\b/.test(text))) return undefined;
  try {
    const document = parse(text);
    if (!isProject) return withoutFlat(document);
    const { tool } = document;
    return isTable(tool) && isTable(tool["uv"]) ? withoutFlat(tool["uv"]) : undefined;
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // A project's own file that is broken is told of by whoever needs it.
    if (!isProject) warn(passedOver(file, `${file}:${error.line} is not TOML`, error.line));
    return undefined;
  }
}

/** An index of the format `flat` is what `find-links` names; by its name a package can be pinned to it all the same. */
function withoutFlat(table: Table): Table {
  const { index, "find-links": links } = table;
  if (!Array.isArray(index) || !index.some(isFlat)) return table;
  const places = index.filter((each) => isFlat(each) && each["explicit"] !== true).map((each: Table) => each["url"]);
  return {
    ...table,
    index: index.flatMap((each) => {
      if (!isFlat(each)) return [each];
      return typeof each["name"] === "string" ? [{ ...each, explicit: true }] : [];
    }),
    "find-links": Array.isArray(links) ? [...(links as readonly unknown[]), ...places] : places,
  };
}

const isFlat = (each: unknown): each is Table => isTable(each) && each["format"] === "flat";

/** A value of the setting, or undefined when it is of the wrong kind. Relative paths start from the file's folder. */
type Read = (value: unknown, folder: string) => unknown;

const isTable = (value: unknown): value is Table =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === "string");

/** An address as it is, a path as an absolute one. */
const placeOf = (text: string, folder: string): string =>
  /^[a-z][a-z0-9+.-]+:/i.test(text) ? text : path.resolve(folder, text);

const asFlag: Read = (value) => (typeof value === "boolean" ? value : undefined);
const STRATEGIES = ["first-index", "unsafe-first-match", "unsafe-best-match"];
const asStrategy: Read = (value) => (STRATEGIES.includes(value as string) ? value : undefined);
const asTexts: Read = (value) => (isTexts(value) ? value : undefined);
const asPlace: Read = (value, folder) => (typeof value === "string" ? placeOf(value, folder) : undefined);
const asPlaces: Read = (value, folder) => (isTexts(value) ? value.map((place) => placeOf(place, folder)) : undefined);

/** `[[index]]`: what PyBun's own tables have in common with uv's. */
const asIndexes: Read = (value, folder) => {
  if (!Array.isArray(value) || !value.every((each) => isTable(each) && typeof each["url"] === "string"))
    return undefined;
  return (value as readonly Table[]).map((each) => ({
    url: placeOf(each["url"] as string, folder),
    ...(typeof each["name"] === "string" && { name: each["name"] }),
    ...(each["default"] === true && { default: true }),
    ...(each["explicit"] === true && { explicit: true }),
    ...(isFlat(each) && { format: "flat" }),
    ...(isCutOff(each["exclude-newer"]) && { "exclude-newer": each["exclude-newer"] }),
  }));
};

const isCutOff = (value: unknown): boolean => value === false || typeof value === "string";
const asText: Read = (value) => (typeof value === "string" ? value : undefined);
const asProvider: Read = (value) => (PROVIDERS.includes(value as string) ? value : undefined);
const PROVIDERS = ["native", "subprocess", "disabled"];
const asCutOffs: Read = (value) => (isTable(value) && Object.values(value).every(isCutOff) ? value : undefined);

/** Of `sources` only what is about indexes: the rest is a project's own, and read with it. */
const asPins: Read = (value) => {
  if (!isTable(value)) return undefined;
  const isPin = (entry: unknown): boolean => isTable(entry) && typeof entry["index"] === "string";
  const pins = Object.entries(value).filter(([, entry]) => (Array.isArray(entry) ? entry.some(isPin) : isPin(entry)));
  return pins.length > 0 ? Object.fromEntries(pins) : NOTHING;
};

const oneOf =
  (words: Readonly<Record<string, string>>): Read =>
  (value) =>
    typeof value === "string" && Object.hasOwn(words, value) ? words[value] : undefined;
const asResolution = oneOf({ highest: "highest", lowest: "lowest", "lowest-direct": "lowest-direct" });
const asPrerelease = oneOf({
  disallow: "disallow",
  allow: "allow",
  "if-necessary": "if-necessary",
  explicit: "explicit",
  // What a requirement names is looked at in any case.
  "if-necessary-or-explicit": "if-necessary",
});
const asDownloads = oneOf({ automatic: "automatic", manual: "manual", never: "never" });
const asTables: Read = (value) => (Array.isArray(value) && value.every(isTable) ? value : undefined);

/** Options of uv, and the settings that mean the same. */
const SETTINGS: Readonly<Record<string, readonly [key: string, read: Read]>> = {
  index: ["index", asIndexes],
  "index-url": ["index-url", asPlace],
  "extra-index-url": ["extra-index-url", asPlaces],
  "find-links": ["find-links", asPlaces],
  "no-index": ["no-index", asFlag],
  "index-strategy": ["index-strategy", asStrategy],
  "keyring-provider": ["keyring-provider", asProvider],
  "exclude-newer": ["exclude-newer", asText],
  "exclude-newer-package": ["exclude-newer-package", asCutOffs],
  resolution: ["resolution", asResolution],
  prerelease: ["prerelease", asPrerelease],
  "no-build": ["no-build", asFlag],
  "no-build-package": ["no-build-package", asTexts],
  "no-binary": ["no-binary", asFlag],
  "no-binary-package": ["no-binary-package", asTexts],
  "dependency-metadata": ["dependency-metadata", asTables],
  sources: ["sources", asPins],
  offline: ["offline", asFlag],
  "python-downloads": ["python-downloads", asDownloads],
  "python-install-mirror": ["python-mirror", asPlace],
  "allow-insecure-host": ["http.trusted-host", asTexts],
};

/** Of several indexes of one name, and of equal values, the first. */
function distinct(values: readonly unknown[]): readonly unknown[] {
  const seen = new Set<unknown>();
  return values.filter((value) => {
    const key = isTable(value) ? (value["name"] ?? value["url"]) : value;
    return !seen.has(key) && seen.add(key);
  });
}

import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseCutOff } from "../../plugin-api/cut-off.ts";
import { PybunError } from "../../plugin-api/error.ts";
import type { Option, Origin, Values } from "../../plugin-api/option.ts";
import type { SettingsTable } from "../../plugin-api/services.ts";
import { settingFolder } from "../../plugin-api/setting-folder.ts";
import { DEFAULT_INDEX } from "./default-index.ts";
import { settings } from "./settings.ts";

/** A package index as it is configured. */
export interface Index {
  /** Logical name, as locks and messages say it. */
  readonly name: string;
  /** `https:`, `http:` or `file:`, ending in a slash or, for a file on disk, in `.json`; may still hold user-info. */
  readonly url: string;
  /** Serves only packages that are pinned to it. */
  readonly isExplicit: boolean;
  /** `flat`: one page or folder with the archives of all packages; `json`: one file of releases on this machine. */
  readonly format: IndexFormat;
  /** Cut-off for its files as configured; false for none, whatever holds elsewhere. */
  readonly excludeNewer?: string | false;
  /** The public index or its stand-in, which has a JSON of its own beside `simple/`. */
  readonly isPublic?: true;
  /** Key that signs its manifest, as configured. */
  readonly publicKey?: string;
  /** Flag, variable or file that names it. */
  readonly origin?: Origin;
}
export type IndexFormat = (typeof FORMATS)[number];
const FORMATS = ["simple", "flat", "json"] as const;

/** Where a setting stands. */
interface Place {
  /** Folder that relative paths start from. */
  readonly folder: string;
  readonly origin?: Origin | undefined;
}
/** The places of the settings that name indexes. */
export type IndexPlaces = Readonly<Record<"index" | "extraIndex" | "indexes" | "indexUrl" | "extraIndexUrl", Place>>;

export function indexPlaces({ entries }: SettingsTable, cwd: string): IndexPlaces {
  // By the option, not the key: the flag `--index` and the tables bear the same.
  const of = (wanted: Option): Place => {
    const origin = entries.find(({ option }) => option === wanted)?.origin;
    return { folder: settingFolder(origin, cwd), origin };
  };
  const { index, extraIndex, indexes, indexUrl, extraIndexUrl } = settings;
  return {
    index: of(index),
    extraIndex: of(extraIndex),
    indexes: of(indexes),
    indexUrl: of(indexUrl),
    extraIndexUrl: of(extraIndexUrl),
  };
}

/**
 * The indexes in the order they are asked: those of `[[index]]`, then extra ones, the default last, so that a package on
 * an index of one's own is never shadowed by the public one. Throws `E_INDEX_INVALID`.
 */
export function indexList(own: Values<typeof settings>, places: IndexPlaces): readonly Index[] {
  const tables = readTables(own.indexes, places.indexes);
  if (own.noIndex) return [];
  const named = new Map(tables.map((table) => [table.name, table]));
  const byText = (text: string, { folder, origin }: Place, fallback?: string): Index => {
    const [, name, rest] = /^([A-Za-z0-9][\w.-]*)=(.+)$/.exec(text) ?? [undefined, undefined, text];
    const known = named.get(text);
    if (known) return { ...known, isExplicit: false };
    const url = toUrl(rest, { cwd: folder, who: `\`${withoutLogin(text)}\`` });
    const format = formatOf(url);
    return { name: name ?? fallback ?? nameOf(url), url, isExplicit: false, format, ...(origin && { origin }) };
  };
  const [chosen, from] = own.index === undefined ? [own.indexUrl, places.indexUrl] : [own.index, places.index];
  const fallback = tables.find((table) => table.isDefault) ?? publicIndex(own.baseUrl, places.index.folder);
  const last = chosen === undefined ? fallback : byText(chosen, from, DEFAULT_INDEX.name);
  const first = tables.filter((table) => !table.isDefault && table.name !== last.name);
  const extra = [
    ...own.extraIndex.map((text) => byText(text, places.extraIndex)),
    ...own.extraIndexUrl.map((text) => byText(text, places.extraIndexUrl)),
  ];
  return unique([...first, ...extra, last].map(withoutDefault));
}

const publicIndex = (baseUrl: string | undefined, cwd: string): Index => ({
  name: DEFAULT_INDEX.name,
  url: baseUrl ? new URL("simple/", toUrl(baseUrl, { cwd, who: "PYBUN_PYPI_BASE_URL" })).href : DEFAULT_INDEX.url,
  isExplicit: false,
  format: "simple",
  isPublic: true,
});

type Table = Index & { readonly isDefault: boolean };

/** Which index is the default one is settled by its place in the list. */
function withoutDefault(table: Index & { readonly isDefault?: boolean }): Index {
  const { isDefault, ...index } = table;
  return isDefault === undefined ? table : index;
}

/** The indexes of `[[index]]`. Throws `E_INDEX_INVALID`. */
export function readTables(value: unknown, { folder, origin }: Place): readonly Table[] {
  if (value === undefined) return [];
  const tables = (Array.isArray(value) ? value : [value]) as readonly Readonly<Record<string, unknown>>[];
  const seen = new Set<string>();
  return tables.map((table) => {
    const { name, url } = table;
    if (typeof url !== "string") throw invalid(`the index ${quoted(name)} has no \`url\``);
    const format = readFormat(table);
    const at = toUrl(url, { cwd: folder, who: `the \`url\` of the index ${quoted(name)}`, format });
    const itsName = typeof name === "string" && name !== "" ? name : nameOf(at);
    if (seen.has(itsName)) throw invalid(`two indexes are named ${quoted(itsName)}`);
    seen.add(itsName);
    if (table["public-key"] !== undefined && (format ?? formatOf(at)) !== "simple")
      throw invalid(`the index ${quoted(itsName)} has a \`public-key\`, and only mirrors of pages are signed`);
    return {
      name: itsName,
      url: at,
      isExplicit: flag(table, "explicit"),
      isDefault: flag(table, "default"),
      format: format ?? formatOf(at),
      ...rulesIn(table),
      ...(origin && { origin }),
    };
  });
}

function flag(table: Readonly<Record<string, unknown>>, key: string): boolean {
  const value = table[key] ?? false;
  if (typeof value === "boolean") return value;
  throw invalid(`\`${key}\` of the index ${quoted(table["name"])} is neither true nor false`);
}

function readFormat({ name, format }: Readonly<Record<string, unknown>>): IndexFormat | undefined {
  if (format === undefined || FORMATS.includes(format as IndexFormat)) return format as IndexFormat | undefined;
  throw invalid(`the \`format\` of the index ${quoted(name)} is none of ${FORMATS.join(", ")}`);
}

function rulesIn(table: Readonly<Record<string, unknown>>): Pick<Index, "excludeNewer" | "publicKey"> {
  const { name, "exclude-newer": excludeNewer, "public-key": publicKey } = table;
  const isTime = typeof excludeNewer === "string" && parseCutOff(excludeNewer, 0) !== undefined;
  if (excludeNewer !== undefined && excludeNewer !== false && !isTime)
    throw invalid(`\`exclude-newer\` of the index ${quoted(name)} takes a date, a time or an age, or \`false\``);
  if (publicKey !== undefined && typeof publicKey !== "string")
    throw invalid(`\`public-key\` of the index ${quoted(name)} is no text`);
  return {
    ...(excludeNewer !== undefined && { excludeNewer }),
    ...(publicKey !== undefined && { publicKey }),
  };
}

const formatOf = (url: string): IndexFormat => (url.endsWith("/") ? "simple" : "json");

interface Written {
  readonly cwd: string;
  /** What it is, for messages. */
  readonly who: string;
  readonly format?: IndexFormat | undefined;
}

/** A URL, a folder or a file as an absolute URL; a folder, and an index of pages, ends in a slash. */
function toUrl(text: string, { cwd, who, format }: Written): string {
  const isUrl = /^[a-z][a-z0-9+.-]+:\/\//i.test(text);
  if (isUrl && !URL.canParse(text)) throw invalid(`${who} is no URL`);
  const url = isUrl ? new URL(text) : pathToFileURL(path.resolve(cwd, text));
  if (!["https:", "http:", "file:"].includes(url.protocol))
    throw invalid(`${who} has the scheme \`${url.protocol}\`, and indexes are read over https, http or file`);
  url.hash = "";
  const isOnDisk = url.protocol === "file:";
  if (format === "json" && !isOnDisk)
    throw invalid(`${who} is not on this machine, as an index of the format \`json\` must be`);
  const isPage = format === "flat" && (!isOnDisk || /\.html?$/i.test(url.pathname));
  const isFile = isPage || format === "json" || (isOnDisk && format !== "simple" && url.pathname.endsWith(".json"));
  if (!isFile && !url.pathname.endsWith("/")) url.pathname += "/";
  return url.href;
}

/** The host, with the path where that tells more than `simple`. */
function nameOf(url: string): string {
  const { host, pathname } = new URL(url);
  const rest = pathname.replace(/\/+$/, "").replace(/\/(?:\+?simple)$/, "");
  return `${host}${rest}` || "files";
}

/** The same URL twice is one index. */
function unique(indexes: readonly Index[]): readonly Index[] {
  const seen = new Set<string>();
  return indexes.filter(({ url }) => !seen.has(url) && seen.add(url));
}

const withoutLogin = (text: string): string => text.replace(/:\/\/[^/]*@/, "://");
const quoted = (name: unknown): string => (typeof name === "string" ? `\`${name}\`` : "without a name");
const invalid = (message: string): PybunError => new PybunError("E_INDEX_INVALID", message);

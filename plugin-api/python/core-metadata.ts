import { InvalidSyntax } from "../error.ts";
import type { Extra, PackageName } from "../model/requirement.ts";
import { fieldNames, type Headers, readHeaders, readMessage } from "./headers.ts";
import { isPackageName, normalizeName } from "./package-name.ts";
import { type DecisiveFields, plainFields } from "./plain-headers.ts";
import { versionKey } from "./version-key.ts";

/** A distribution's core metadata, versions 1.0 to 2.5 (PEP 241 to PEP 794). Absent texts are empty. */
export interface CoreMetadata {
  /** Empty where that does not tell one. */
  readonly metadataVersion: string;
  readonly name: PackageName;
  /** The name as published. */
  readonly displayName: string;
  readonly version: string;
  /** `Requires-Python` as published. */
  readonly requiresPython: string;
  /** `Requires-Dist` lines as published, folded lines joined; not checked. */
  readonly requiresDist: readonly string[];
  readonly providesExtra: readonly Extra[];
  /** Lower-case names of fields that a build may change (PEP 643). */
  readonly dynamic: readonly string[];
  readonly summary: string;
  /** The SPDX expression of `License-Expression` (PEP 639), else the text of `License`. */
  readonly license: string;
  readonly licenseFiles: readonly string[];
  readonly classifiers: readonly string[];
  readonly author: string;
  readonly authorEmail: string;
  /** Label to URL; `Home-page` and `Download-URL` under these labels. */
  readonly projectUrls: ReadonlyMap<string, string>;
  /** Modules it installs (PEP 794); undefined when it does not say. */
  readonly importNames: readonly string[] | undefined;
  readonly importNamespaces: readonly string[] | undefined;
  readonly description: string;
}

/** A header's value in one line, without blanks around it. Not with an expression: on many blanks it would take the square of their number. */
export const unfold = (value: string): string =>
  value.includes("\n")
    ? value
        .split("\n")
        .map((line) => line.trim())
        .join(" ")
        .trim()
    : value.trim();

const list = (headers: Headers, name: string): string[] => (headers.get(name) ?? []).map(unfold);

/** A text field; old build tools wrote UNKNOWN for none. */
function text(headers: Headers, name: string): string {
  const value = headers.get(name)?.[0]?.trim() ?? "";
  return value === "UNKNOWN" ? "" : value;
}

/** A field that decides what is installed: saying it twice is tolerated only when both say the same. */
function decisive(headers: Headers, name: string): string {
  const written = headers.get(name) ?? [];
  if (written.length < 2) return unfold(written[0] ?? "");
  const values = new Set(written.map(unfold));
  if (values.size > 1) throw new InvalidSyntax(`the metadata has ${values.size} different \`${name}\` fields`);
  return [...values][0] ?? "";
}

/** What of a distribution's metadata decides what is installed. */
export type DecisiveMetadata = Pick<
  CoreMetadata,
  | "metadataVersion"
  | "name"
  | "displayName"
  | "version"
  | "requiresPython"
  | "requiresDist"
  | "providesExtra"
  | "dynamic"
>;

/**
 * As `parseCoreMetadata`, as far as it decides what is installed. The description, most of the file, is not even decoded.
 * `version`: the one that is expected, which need not be looked at again. Throws InvalidSyntax as that does.
 */
export function parseDecisiveMetadata(source: string | Uint8Array, version?: string): DecisiveMetadata {
  const header = typeof source === "string" ? source : headerText(source);
  return checked(plainFields(header) ?? fieldsOf(readHeaders(header, DECISIVE)), version);
}

const DECISIVE = fieldNames([
  "metadata-version",
  "name",
  "version",
  "requires-python",
  "requires-dist",
  "provides-extra",
  "dynamic",
]);

const utf8 = new TextDecoder("utf-8");
const decode = (bytes: Uint8Array): string => utf8.decode(bytes);

/** Hardly any header is longer, most descriptions are. */
const MOST_HEADER_BYTES = 2048;
/** Of a byte order mark, which is none of the text. */
const MARK = 0xef;

/** All up to the first empty line; the whole where lines end in more ways than one. */
function headerText(source: Uint8Array): string {
  const bytes = Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  if (bytes[0] !== MARK) {
    const beginning = bytes.toString("utf8", 0, MOST_HEADER_BYTES);
    const end = beginning.indexOf("\n\n");
    const header = beginning.slice(0, end + 1);
    if (end >= 0) return header.includes("\r") ? decode(source) : header;
  }
  const end = bytes.indexOf("\n\n");
  const header = decode(end < 0 ? source : source.subarray(0, end + 1));
  return end >= 0 && header.includes("\r") ? decode(source) : header;
}

/**
 * Reads a METADATA or PKG-INFO file (core metadata 1.0 to 2.5; later 2.x are read as 2.5). Bytes are decoded as UTF-8, invalid
 * ones become U+FFFD. Throws InvalidSyntax when name or version are missing or malformed, or the format is 3.0 or later.
 */
export function parseCoreMetadata(source: string | Uint8Array): CoreMetadata {
  const { headers, body } = readMessage(typeof source === "string" ? source : decode(source));
  const license = text(headers, "license-expression") || text(headers, "license");
  const importNames = headers.get("import-name");
  return {
    ...checked(fieldsOf(headers)),
    summary: text(headers, "summary"),
    license,
    licenseFiles: list(headers, "license-file"),
    classifiers: list(headers, "classifier"),
    author: text(headers, "author"),
    authorEmail: text(headers, "author-email"),
    projectUrls: readUrls(headers),
    importNames: importNames === undefined ? undefined : importNames.map(unfold).filter(Boolean),
    importNamespaces: headers.get("import-namespace")?.map(unfold),
    description: body || unfoldDescription(text(headers, "description")),
  };
}

const fieldsOf = (headers: Headers): DecisiveFields => ({
  metadataVersion: formatOf(list(headers, "metadata-version")),
  name: decisive(headers, "name"),
  version: decisive(headers, "version"),
  requiresPython: decisive(headers, "requires-python"),
  requiresDist: list(headers, "requires-dist"),
  providesExtra: list(headers, "provides-extra"),
  dynamic: list(headers, "dynamic"),
});

/** Those that say two formats say none. */
const formatOf = (versions: readonly string[]): string => (new Set(versions).size === 1 ? (versions[0] as string) : "");

function checked(fields: DecisiveFields, expected?: string): DecisiveMetadata {
  const { name: displayName, version, requiresPython, requiresDist } = fields;
  const metadataVersion = /^\d+\.\d+$/.test(fields.metadataVersion) ? fields.metadataVersion : "";
  // A later format may mean something else by what it says. That none is told keeps no installer from reading the rest.
  if (Number.parseInt(metadataVersion, 10) > 2)
    throw new InvalidSyntax(`the metadata has metadata version \`${metadataVersion}\`, not one of 1.0 to 2.5`);
  if (!isPackageName(displayName)) throw new InvalidSyntax(`the metadata has no valid name: \`${displayName}\``);
  if (version !== expected && versionKey(version) === undefined)
    throw new InvalidSyntax(`the metadata has no valid version: \`${version}\``);
  return {
    metadataVersion,
    name: normalizeName(displayName),
    displayName,
    version,
    requiresPython,
    requiresDist,
    providesExtra: fields.providesExtra.map((extra) => normalizeName(extra) as string as Extra),
    dynamic: fields.dynamic.map((name) => name.toLowerCase()),
  };
}

function readUrls(headers: Headers): ReadonlyMap<string, string> {
  const urls = new Map<string, string>();
  for (const label of ["Home-page", "Download-URL"]) {
    const url = text(headers, label.toLowerCase());
    if (url !== "") urls.set(label, url);
  }
  for (const entry of list(headers, "project-url")) {
    const comma = entry.indexOf(",");
    urls.set(entry.slice(0, Math.max(0, comma)).trim(), entry.slice(comma + 1).trim());
  }
  return urls;
}

// Metadata before 2.1 had the description in the header, its lines set in by eight blanks or by seven and a bar.
const unfoldDescription = (value: string): string => value.replace(/\n(?: {7}\|| {8})/g, "\n");

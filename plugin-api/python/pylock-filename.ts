import { InvalidSyntax } from "../error.ts";
import type { PackageName } from "../model/requirement.ts";
import { parseSdistFilename } from "./sdist-filename.ts";
import { faultAt } from "./toml-fields.ts";
import { versionKey } from "./version-key.ts";
import { parseWheelFilename } from "./wheel-filename.ts";

/**
 * Name of a file in a lock (PEP 751): as given, else the last part of its path, else of its URL without percent encoding;
 * empty where none has one.
 */
export function distributionFilename(file: {
  readonly name?: string;
  readonly path?: string;
  readonly url?: string;
}): string {
  if (file.name) return file.name;
  if (file.path) return file.path.includes("/") ? lastPart(file.path, "/") : lastPart(file.path, "\\");
  const [address = ""] = (file.url ?? "").split(/[?#]/, 1);
  return decoded(lastPart(address.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, ""), "/"));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // the name is checked by whoever reads it
  }
}

const lastPart = (text: string, separator: string): string => text.slice(text.lastIndexOf(separator) + 1);

interface Expected {
  readonly name: PackageName;
  readonly version: string | undefined;
  readonly kind: "wheel" | "sdist";
  /** Place in the document, for the message. */
  readonly path: string;
}

/** Throws InvalidSyntax when a file's name is malformed, or speaks of another package or version than the entry it is in. */
export function checkDistributionName(filename: string, { name, version, kind, path }: Expected): void {
  const parsed = read(filename, kind, path);
  if (parsed.name !== name) throw faultAt(path, `is a file of \`${parsed.name}\` in an entry of \`${name}\``);
  if (version !== undefined && parsed.key !== versionKey(version))
    throw faultAt(path, `is a file of ${name} ${parsed.version} in an entry of ${name} ${version}`);
}

function read(filename: string, kind: "wheel" | "sdist", path: string) {
  try {
    return kind === "wheel" ? parseWheelFilename(filename) : parseSdistFilename(filename);
  } catch (cause) {
    throw cause instanceof InvalidSyntax ? faultAt(path, `is malformed: ${cause.message}`) : cause;
  }
}

import { parse, TomlError } from "smol-toml";
import { InvalidSyntax } from "../error.ts";
import type { PackageName } from "../model/requirement.ts";
import { type DecisiveMetadata, parseDecisiveMetadata } from "./core-metadata.ts";
import { isPackageName, normalizeName } from "./package-name.ts";
import { versionKey } from "./version-key.ts";

/** What a resolution needs of a source distribution, where that is known without building it. */
export interface SourceMetadata {
  readonly name: PackageName;
  readonly version: string;
  /** `Requires-Python` as published; empty for any. */
  readonly requiresPython: string;
  readonly requiresDist: readonly string[];
  readonly providesExtra: readonly string[];
}

/** Fields a build must not change, or the others are of no use before it (PEP 643). */
const DECISIVE = ["name", "version", "requires-python", "requires-dist", "provides-extra"];

/**
 * The metadata of a PKG-INFO file when a build can't change it (PEP 643: metadata version 2.2 or later, none of what
 * decides a resolution dynamic), else undefined. Throws what `parseDecisiveMetadata` throws.
 */
export function metadataOfPkgInfo(text: string | Uint8Array): SourceMetadata | undefined {
  const metadata = parseDecisiveMetadata(text);
  return isFixed(metadata) ? metadata : undefined;
}

function isFixed({ metadataVersion, dynamic }: DecisiveMetadata): boolean {
  const [major = 0, minor = 0] = metadataVersion.split(".").map(Number);
  return (major > 2 || (major === 2 && minor >= 2)) && !DECISIVE.some((field) => dynamic.includes(field));
}

type Table = Readonly<Record<string, unknown>>;

const isTable = (value: unknown): value is Table =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === "string");

/**
 * The metadata of a pyproject.toml's `[project]` table (PEP 621) when all that decides a resolution stands in it: a static
 * name and version, nothing of the rest dynamic. Undefined when a build has to be asked, also for what is malformed: the
 * backend says best what it dislikes. Throws InvalidSyntax when the text is not TOML.
 */
export function metadataOfPyproject(text: string): SourceMetadata | undefined {
  const document = parseToml(text);
  const { project } = document;
  if (!isTable(project)) return undefined;
  const { name, version, dynamic = [], dependencies, "optional-dependencies": optional } = project;
  const { "requires-python": requiresPython = "" } = project;
  if (typeof name !== "string" || !isPackageName(name)) return undefined;
  if (typeof version !== "string" || versionKey(version) === undefined) return undefined;
  if (!isTexts(dynamic) || typeof requiresPython !== "string") return undefined;
  const isOpen = ["dependencies", "optional-dependencies", "requires-python"].some((field) => dynamic.includes(field));
  // A table left over from before Poetry knew `[project]`: its backend takes dependencies from its own.
  const isPoetrys = dependencies === undefined && hasPoetryDependencies(document);
  if (isOpen || isPoetrys) return undefined;
  const extras = isTable(optional) ? Object.entries(optional) : [];
  if (!extras.every(([extra]) => isPackageName(extra))) return undefined;
  const lists = [dependencies ?? [], ...extras.map(([, list]) => list)];
  if (!lists.every(isTexts) || (optional !== undefined && !isTable(optional))) return undefined;
  const ofExtras = extras.flatMap(([extra, list]) =>
    (list as readonly string[]).map((requirement) => underExtra(requirement, normalizeName(extra))),
  );
  return {
    name: normalizeName(name),
    version,
    requiresPython,
    requiresDist: [...((dependencies ?? []) as readonly string[]), ...ofExtras],
    providesExtra: extras.map(([extra]) => extra),
  };
}

function parseToml(text: string): Table {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const reason = error.message.split("\n", 1)[0]?.replace("Invalid TOML document: ", "");
    throw new InvalidSyntax(`line ${error.line} is not TOML: ${reason}`);
  }
}

function hasPoetryDependencies({ tool }: Table): boolean {
  const poetry = isTable(tool) ? tool["poetry"] : undefined;
  return isTable(poetry) && poetry["dependencies"] !== undefined;
}

/** The requirement as `Requires-Dist` states it for an extra. A marker is separated by a semicolon, which URLs may hold. */
function underExtra(requirement: string, extra: string): string {
  const isUrl = /^[^;]*@/.test(requirement);
  const at = isUrl ? requirement.search(/\s;/) : requirement.indexOf(";");
  if (at < 0) return `${requirement.trimEnd()} ; extra == "${extra}"`;
  const marker = requirement.slice(requirement.indexOf(";", at) + 1).trim();
  return `${requirement.slice(0, at).trimEnd()} ; (${marker}) and extra == "${extra}"`;
}

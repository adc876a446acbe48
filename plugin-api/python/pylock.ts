import { parse, TomlError } from "smol-toml";
import { InvalidSyntax } from "../error.ts";
import type { Extra, PackageName } from "../model/requirement.ts";
import { parseMarker } from "./marker.ts";
import { isNormalizedName } from "./package-name.ts";
import { checkDistributionName, distributionFilename } from "./pylock-filename.ts";
import { parseSpecifier } from "./specifier.ts";
import {
  atPlace,
  faultAt,
  fieldPath,
  flagField,
  integerField,
  isTomlTable,
  neededText,
  parsedField,
  type TomlFields,
  tableField,
  tablesField,
  textField,
  textsField,
  timeField,
} from "./toml-fields.ts";
import { compareVersions, parseVersion } from "./version.ts";

type Table = Readonly<Record<string, unknown>>;

/** A lock file in the standard's form (PEP 751, `pylock.toml`). Texts that may be left out are empty, lists too. */
export interface Pylock {
  /** `1.0`; a file with another minor version is read as far as it is understood. */
  readonly lockVersion: string;
  readonly createdBy: string;
  /** Specifier for the whole lock, canonical. */
  readonly requiresPython: string;
  /** Markers, of which one has to hold; none: for all environments. */
  readonly environments: readonly string[];
  readonly extras: readonly Extra[];
  readonly dependencyGroups: readonly string[];
  /** Groups that are installed when nobody names any. */
  readonly defaultGroups: readonly string[];
  readonly packages: readonly PylockPackage[];
  /** `[tool]`, as parsed (integers as BigInt). */
  readonly tool?: Table;
}

/** One entry of `[[packages]]`: a release, where it applies, and where to get it. */
export interface PylockPackage {
  readonly name: PackageName;
  /** Absent where it is not known, such as that of a folder. */
  readonly version?: string;
  /** May test `extras` and `dependency_groups`. */
  readonly marker: string;
  readonly requiresPython: string;
  /** Tables that name other entries by as many of their keys as it takes. */
  readonly dependencies?: readonly Table[];
  /** URL of the index; for people, as the files have URLs of their own. */
  readonly index?: string;
  readonly source: PylockSource;
  readonly attestationIdentities?: readonly Table[];
  readonly tool?: Table;
}

/** Where an entry comes from: files of a release, or one direct reference. */
export type PylockSource =
  | {
      readonly kind: "files";
      readonly sdist?: PylockFile;
      readonly wheels: readonly PylockFile[];
    }
  | PylockVcs
  | PylockDirectory
  | PylockArchive;

/** Where a file is: at a URL, or a path relative to the lock. At least one of them. */
interface Place {
  readonly url?: string;
  readonly path?: string;
}
export interface PylockVcs extends Place {
  readonly kind: "vcs";
  /** `git`, `hg`, … */
  readonly type: string;
  readonly requestedRevision?: string;
  readonly commitId: string;
  readonly subdirectory?: string;
}
export interface PylockDirectory {
  readonly kind: "directory";
  readonly path: string;
  readonly isEditable: boolean;
  readonly subdirectory?: string;
}
interface Content {
  readonly sizeBytes?: number;
  /** Milliseconds since the epoch. */
  readonly uploadedAtMs?: number;
  /** Hexadecimal digests by algorithm; at least one. */
  readonly hashes: Readonly<Record<string, string>>;
}
export interface PylockArchive extends Place, Content {
  readonly kind: "archive";
  readonly subdirectory?: string;
}
/** A wheel or an sdist of a release. */
export interface PylockFile extends Place, Content {
  /** The name given, else that of the path or URL. */
  readonly filename: string;
}

/**
 * Reads and checks a `pylock.toml` (PEP 751). Unknown keys are left alone, as the standard wants. A lock without `packages`
 * is none: it never means that everything is to be uninstalled. Throws InvalidSyntax whose message begins with the place,
 * such as `packages[0].wheels[1].hashes`.
 */
export function parsePylock(text: string): Pylock {
  return pylockOf({ table: parseToml(text), path: "" });
}

/** Whether a file may be called so (PEP 751, "File Name"): `pylock.toml`, or `pylock.NAME.toml` without dots in the name. */
export const isPylockFilename = (filename: string): boolean => /^pylock\.(?:[^.]+\.)?toml$/.test(filename);

function parseToml(text: string): Table {
  try {
    return parse(text, { integersAsBigInt: true });
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const reason = error.message.split("\n", 1)[0]?.replace("Invalid TOML document: ", "");
    throw new InvalidSyntax(`line ${error.line} is not TOML: ${reason}`);
  }
}

function pylockOf(fields: TomlFields): Pylock {
  const lockVersion = parsedField(fields, "lock-version", parseVersion);
  if (lockVersion === undefined) throw faultAt("lock-version", "is missing");
  const environments = textsField(fields, "environments") ?? [];
  const pylock = {
    lockVersion: lockVersion.text,
    environments: environments.map((marker, index) =>
      atPlace(`environments[${index}]`, () => parseMarker(marker).text),
    ),
    extras: normalNames(fields, "extras"),
    dependencyGroups: textsField(fields, "dependency-groups") ?? [],
    defaultGroups: textsField(fields, "default-groups") ?? [],
    createdBy: neededText(fields, "created-by"),
    requiresPython: parsedField(fields, "requires-python", parseSpecifier)?.text ?? "",
    packages: packagesOf(fields),
    ...optional("tool", tableField(fields, "tool")?.table),
  };
  const isKnown =
    compareVersions(lockVersion, parseVersion("1")) >= 0 && compareVersions(lockVersion, parseVersion("2")) < 0;
  if (!isKnown) throw new InvalidSyntax(`it is a lock of version ${lockVersion.text}, of which only 1 is known`);
  return pylock;
}

function normalNames(fields: TomlFields, key: string): readonly Extra[] {
  return (textsField(fields, key) ?? []).map((name, index) => {
    if (!isNormalizedName(name)) throw faultAt(`${key}[${index}]`, `is \`${name}\`, which is no name in normal form`);
    return name as Extra;
  });
}

function packagesOf(fields: TomlFields): readonly PylockPackage[] {
  const packages = tablesField(fields, "packages");
  if (packages === undefined) throw faultAt("packages", "is missing, so this is no whole lock");
  return packages.map(packageOf);
}

function packageOf(fields: TomlFields): PylockPackage {
  const name = neededText(fields, "name");
  if (!isNormalizedName(name))
    throw faultAt(fieldPath(fields, "name"), `is \`${name}\`, which is no name in normal form`);
  const version = parsedField(fields, "version", parseVersion);
  return {
    name: name as PackageName,
    ...optional("version", version?.text),
    requiresPython: parsedField(fields, "requires-python", parseSpecifier)?.text ?? "",
    ...optional("dependencies", plainTables(fields, "dependencies")),
    marker: parsedField(fields, "marker", parseMarker)?.text ?? "",
    ...optional("index", textField(fields, "index")),
    source: sourceOf(fields, { name: name as PackageName, version: version?.text }),
    ...optional("attestationIdentities", identitiesOf(fields)),
    ...optional("tool", tableField(fields, "tool")?.table),
  };
}

const plainTables = (fields: TomlFields, key: string): readonly Table[] | undefined =>
  tablesField(fields, key)?.map(({ table }) => table);

function identitiesOf(fields: TomlFields): readonly Table[] | undefined {
  for (const identity of tablesField(fields, "attestation-identities") ?? []) neededText(identity, "kind");
  return plainTables(fields, "attestation-identities");
}

interface Named {
  readonly name: PackageName;
  readonly version: string | undefined;
}

function sourceOf(fields: TomlFields, named: Named): PylockSource {
  const direct = [vcsOf(fields), directoryOf(fields), archiveOf(fields)].filter((source) => source !== undefined);
  const sdistFields = tableField(fields, "sdist");
  const wheelFields = tablesField(fields, "wheels") ?? [];
  const sdist = sdistFields && fileOf(sdistFields);
  const wheels = wheelFields.map(fileOf);
  if (sdist === undefined && wheels.length === 0) {
    if (direct.length === 1) return direct[0]!;
    throw faultAt(fields.path, "needs exactly one of `vcs`, `directory`, `archive`, or else `sdist` or `wheels`");
  }
  if (direct.length > 0)
    throw faultAt(fields.path, "has files of a release, and `vcs`, `directory` or `archive` besides");
  for (const [index, wheel] of wheels.entries())
    checkDistributionName(wheel.filename, { ...named, kind: "wheel", path: wheelFields[index]!.path });
  if (sdistFields && sdist) checkDistributionName(sdist.filename, { ...named, kind: "sdist", path: sdistFields.path });
  return { kind: "files", ...optional("sdist", sdist), wheels };
}

function vcsOf(fields: TomlFields): PylockVcs | undefined {
  const vcs = tableField(fields, "vcs");
  if (vcs === undefined) return undefined;
  return {
    kind: "vcs",
    type: neededText(vcs, "type"),
    ...optional("requestedRevision", textField(vcs, "requested-revision")),
    commitId: neededText(vcs, "commit-id"),
    ...optional("subdirectory", textField(vcs, "subdirectory")),
    ...placeOf(vcs),
  };
}

function directoryOf(fields: TomlFields): PylockDirectory | undefined {
  const directory = tableField(fields, "directory");
  if (directory === undefined) return undefined;
  return {
    kind: "directory",
    path: neededText(directory, "path"),
    isEditable: flagField(directory, "editable") ?? false,
    ...optional("subdirectory", textField(directory, "subdirectory")),
  };
}

function archiveOf(fields: TomlFields): PylockArchive | undefined {
  const archive = tableField(fields, "archive");
  if (archive === undefined) return undefined;
  const subdirectory = textField(archive, "subdirectory");
  return { kind: "archive", ...contentOf(archive), ...optional("subdirectory", subdirectory), ...placeOf(archive) };
}

function fileOf(fields: TomlFields): PylockFile {
  const name = textField(fields, "name");
  const content = contentOf(fields);
  const place = placeOf(fields);
  return { filename: distributionFilename({ ...place, ...optional("name", name) }), ...content, ...place };
}

function placeOf(fields: TomlFields): Place {
  const [path, url] = [textField(fields, "path"), textField(fields, "url")];
  if (!path && !url) throw faultAt(fields.path, "has neither a `path` nor a `url`");
  return { ...optional("url", url || undefined), ...optional("path", path || undefined) };
}

function contentOf(fields: TomlFields): Content {
  return {
    ...optional("sizeBytes", integerField(fields, "size")),
    ...optional("uploadedAtMs", timeField(fields, "upload-time")),
    hashes: hashesOf(fields),
  };
}

function hashesOf(fields: TomlFields): Readonly<Record<string, string>> {
  const path = fieldPath(fields, "hashes");
  const hashes = tableField(fields, "hashes")?.table;
  if (hashes === undefined) throw faultAt(path, "is missing");
  if (Object.keys(hashes).length === 0) throw faultAt(path, "holds no hash");
  if (!isTomlTable(hashes) || Object.values(hashes).some((digest) => typeof digest !== "string"))
    throw faultAt(path, "holds a hash that is no text");
  return hashes as Readonly<Record<string, string>>;
}

/** `{ key: value }`, or nothing where the value is not there. */
const optional = <K extends string, T>(key: K, value: T | undefined): { readonly [P in K]?: T } =>
  value === undefined ? {} : ({ [key]: value } as { readonly [P in K]: T });

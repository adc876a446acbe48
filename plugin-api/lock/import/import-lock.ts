import fs from "node:fs";
import path from "node:path";
import { parse, TomlError } from "smol-toml";
import { InvalidSyntax, PybunError } from "../../error.ts";
import type { Lock } from "../../model/lock.ts";
import { parsePackageName } from "../../python/package-name.ts";
import { isPylockFilename, parsePylock } from "../../python/pylock.ts";
import { loadRequirementsFile } from "../../python/requirements-file.ts";
import { parseClause } from "../../python/specifier.ts";
import { isTomlTable } from "../../python/toml-fields.ts";
import { parseVersion } from "../../python/version.ts";
import { gitPin } from "./git-pin.ts";
import { anyOf, lockOfPins, NO_VERSION, type Pin } from "./pin.ts";
import { pdmPins, poetryPins, uvPins } from "./toml-locks.ts";

/** Kinds of files that versions are taken over from. */
export type ForeignLockKind =
  | "uv.lock"
  | "poetry.lock"
  | "pdm.lock"
  | "Pipfile.lock"
  | "pylock.toml"
  | "requirements.txt";

/** What a file of another tool pins. */
export interface ForeignLock {
  readonly kind: ForeignLockKind;
  /** Versions, or commits, and where they were chosen; nothing else. For `LockRequest.previous`. */
  readonly lock: Lock;
}
export interface ForeignLockPlace {
  /** Absolute path of the file. */
  readonly file: string;
  /** The file as the user knows it. */
  readonly shown: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Reads the pins of another tool's lock (SPEC EXP-02), whichever it is by name or content: uv, Poetry, PDM, Pipenv, the
 * standard's, or a requirements file. Of what comes from a git repository the commit is taken, where the file says what was asked for, too; what
 * comes from elsewhere is left out: its project says where it is. Throws `E_FOREIGN_LOCK`, for requirements files
 * `E_REQUIREMENTS_INVALID`.
 */
export async function importLock(place: ForeignLockPlace): Promise<ForeignLock> {
  const text = readText(place);
  try {
    const document = documentOf(text, place.file);
    const kind = kindOf(path.basename(place.file), document);
    const pins = kind === "requirements.txt" ? await requirementsPins(place) : READERS[kind](document, text);
    return { kind, lock: lockOfPins(pins) };
  } catch (error) {
    if (!(error instanceof InvalidSyntax)) throw error;
    throw refused(place, error.message);
  }
}

const refused = ({ file, shown }: ForeignLockPlace, why: string): PybunError =>
  new PybunError("E_FOREIGN_LOCK", `no versions can be taken from ${shown}: ${why}`, { file });

function readText(place: ForeignLockPlace): string {
  try {
    return fs.readFileSync(place.file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") throw refused(place, "it is not there");
    if (code === "EISDIR") throw refused(place, "it is a folder");
    throw error;
  }
}

type Document = Readonly<Record<string, unknown>>;

const NAMES: readonly ForeignLockKind[] = ["uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock"];

/** Undefined for a text that is neither TOML nor JSON, as requirements are. Throws InvalidSyntax where the name promises one. */
function documentOf(text: string, file: string): Document | undefined {
  const name = path.basename(file);
  const isPromised = NAMES.includes(name as ForeignLockKind) || isPylockFilename(name);
  try {
    const value: unknown = text.trimStart().startsWith("{")
      ? JSON.parse(text)
      : parse(text, { integersAsBigInt: true });
    if (isTomlTable(value)) return value;
  } catch (error) {
    if (!(error instanceof TomlError) && !(error instanceof SyntaxError)) throw error;
    if (isPromised) throw new InvalidSyntax(error.message.split("\n", 1)[0]!);
  }
  if (isPromised) throw new InvalidSyntax("it is no table");
  return undefined;
}

function kindOf(name: string, document: Document | undefined): ForeignLockKind {
  if (NAMES.includes(name as ForeignLockKind)) return name as ForeignLockKind;
  if (document === undefined) return "requirements.txt";
  if (isPylockFilename(name) || "lock-version" in document) return "pylock.toml";
  const { metadata, package: packages, _meta: pipfile } = document;
  if (isTomlTable(pipfile)) return "Pipfile.lock";
  if (isTomlTable(metadata) && "lock-version" in metadata) return "poetry.lock";
  if (isTomlTable(metadata) && "lock_version" in metadata) return "pdm.lock";
  if (Array.isArray(packages)) return "uv.lock";
  // An empty file is TOML, and a requirements file too.
  if (Object.keys(document).length === 0) return "requirements.txt";
  throw new InvalidSyntax("it is no lock of a tool that is known");
}

const READERS: Readonly<
  Record<Exclude<ForeignLockKind, "requirements.txt">, (document: Document | undefined, text: string) => readonly Pin[]>
> = {
  "uv.lock": (document = {}) => uvPins(document),
  "poetry.lock": (document = {}) => poetryPins(document),
  "pdm.lock": (document = {}) => pdmPins(document),
  "Pipfile.lock": (document = {}) => pipfilePins(document),
  "pylock.toml": (_, text) => pylockPins(text),
};

function pylockPins(text: string): readonly Pin[] {
  return parsePylock(text).packages.flatMap(({ name, version, marker, source }) => {
    const places = anyOf(marker === "" ? [] : [marker]);
    if (places === undefined) return [];
    if (source.kind === "vcs" && source.type === "git") {
      const { url, commitId: commit, requestedRevision: reference, subdirectory } = source;
      const git = gitPin({ url, commit, reference, subdirectory });
      return git ? [{ name, version: version ?? NO_VERSION, marker: places, git }] : [];
    }
    return version === undefined || source.kind !== "files" ? [] : [{ name, version, marker: places }];
  });
}

/** `Pipfile.lock`: sections of packages by name, `default`, `develop` and categories of one's own. */
function pipfilePins(document: Document): readonly Pin[] {
  const sections = Object.entries(document).filter(([key, section]) => key !== "_meta" && isTomlTable(section));
  return sections.flatMap(([key, section]) =>
    Object.entries(section as Document).flatMap(([name, entry]) => pipfilePin(`${key}.${name}`, name, entry) ?? []),
  );
}

function pipfilePin(place: string, name: string, entry: unknown): Pin | undefined {
  if (!isTomlTable(entry)) throw new InvalidSyntax(`\`${place}\` is no table`);
  const { version, markers } = entry;
  if (typeof version !== "string") return undefined;
  const [clause] = parseClause(version).clauses;
  const marker = anyOf(typeof markers === "string" ? [markers] : []);
  if (marker === undefined || clause === undefined || !/^===?$/.test(clause.operator)) return undefined;
  return { name: parsePackageName(name), version: parseVersion(clause.version).text, marker };
}

/** Requirements of one version. */
async function requirementsPins({ file, cwd, env }: ForeignLockPlace): Promise<readonly Pin[]> {
  const { entries } = await loadRequirementsFile({ file, cwd, env }, readNamed);
  return entries.flatMap(({ subject }) => {
    if (subject.kind !== "requirement") return [];
    const { name, specifier, marker, url } = subject.requirement;
    const version = /^===?([^,*]+)$/.exec(specifier)?.[1];
    const places = anyOf(marker === "" ? [] : [marker]);
    return version === undefined || url !== undefined || places === undefined
      ? []
      : [{ name, version, marker: places }];
  });
}

async function readNamed(file: string): Promise<Uint8Array> {
  if (/^https?:/i.test(file)) throw new InvalidSyntax(`it names ${file}, which is on another machine`);
  try {
    return fs.readFileSync(file);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (!["ENOENT", "ENOTDIR", "EISDIR", "ENAMETOOLONG"].includes(code)) throw error;
    throw new InvalidSyntax(
      `it names ${path.basename(file)}, which is ${code === "EISDIR" ? "a folder" : "not there"}`,
    );
  }
}

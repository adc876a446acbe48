import path from "node:path";
import { fileURLToPath } from "node:url";
import { InvalidSyntax, PybunError } from "../error.ts";
import {
  addOptions,
  checkPlace,
  NO_OPTIONS,
  type RequirementsOptions,
  readOptions,
  type WrittenOption,
} from "./requirements-file-options.ts";
import { checkEditable, type RequirementsSubject, readSubject } from "./requirements-file-subject.ts";
import { decodeRequirementsFile, logicalLines } from "./requirements-file-text.ts";

/** Where a requirements file is from, and what its lines are read with. */
export interface RequirementsContext {
  /** Absolute path, or an `http:`, `https:` or `file:` URL. */
  readonly file: string;
  /** Relative paths of requirements start here, as with pip; those of other files beside the file itself. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isConstraint?: boolean;
}

/** One requirement of a file. */
export interface RequirementsEntry {
  readonly subject: RequirementsSubject;
  /** As written, without options and comment. */
  readonly text: string;
  readonly file: string;
  /** Of a pyproject.toml, the dependency group that it is from. */
  readonly group?: string;
  /** 1-based. */
  readonly line: number;
  readonly isConstraint: boolean;
  readonly isEditable: boolean;
  /** Lower-case hexadecimal digests by algorithm (`sha256`, `sha384`, `sha512`), of which one has to match. */
  readonly hashes: Readonly<Record<string, readonly string[]>>;
  /** For the build backend (PEP 517); several values of a key are a list. */
  readonly configSettings: Readonly<Record<string, string | readonly string[]>>;
}

/** One line of a file: a requirement, another file (`-r`, `-c`), or options. */
export type RequirementsLine =
  | { readonly kind: "requirement"; readonly entry: RequirementsEntry }
  | { readonly kind: "file"; readonly file: string; readonly isConstraint: boolean; readonly line: number }
  | { readonly kind: "options"; readonly options: readonly WrittenOption[]; readonly line: number };

/**
 * Reads the lines of one requirements file (pip's format); nothing else is opened. Throws `E_REQUIREMENTS_INVALID` with
 * file and line, also for an option that is not known.
 */
export function parseRequirementsFile(text: string, context: RequirementsContext): readonly RequirementsLine[] {
  return logicalLines(text.replace(/^\uFEFF/, ""), context.env).map(({ line, text: written }) => {
    try {
      return readLine(written, line, context);
    } catch (cause) {
      if (!(cause instanceof InvalidSyntax) && !(cause instanceof URIError)) throw cause;
      throw invalidLine({ ...context, line }, cause.message);
    }
  });
}

const invalidLine = ({ file, line }: { file: string; line: number }, why: string): PybunError =>
  new PybunError("E_REQUIREMENTS_INVALID", `${shownName(file)}:${line} can't be read: ${why}`, { file, line });

const shownName = (file: string): string => path.posix.basename(file.replaceAll("\\", "/"));

function readLine(text: string, line: number, context: RequirementsContext): RequirementsLine {
  const at = text.search(/(?:^|\s)-/);
  const subject = (at < 0 ? text : text.slice(0, at)).trim();
  const options = at < 0 ? [] : readOptions(text.slice(at));
  if (subject !== "") return entryOf(subject, options, { ...context, line });
  const [first] = options;
  if (first?.name === "editable") return entryOf(first.value, options.slice(1), { ...context, line, isEditable: true });
  if (first?.name === "requirement" || first?.name === "constraint") {
    if (options.length > 1) throw new InvalidSyntax(`unexpected \`--${options[1]!.name}\` behind the name of a file`);
    const isConstraint = first.name === "constraint";
    return { kind: "file", file: beside(context.file, first.value), isConstraint, line };
  }
  checkPlace(options, "line");
  return { kind: "options", options, line };
}

type EntryContext = RequirementsContext & { readonly line: number; readonly isEditable?: boolean };

function entryOf(text: string, options: readonly WrittenOption[], context: EntryContext): RequirementsLine {
  checkPlace(options, "requirement");
  const subject = readSubject(text, context.cwd);
  const { file, line, isConstraint = false, isEditable = false } = context;
  if (isEditable) checkEditable(subject);
  const entry = {
    subject,
    text,
    file,
    line,
    isConstraint,
    isEditable,
    hashes: hashesOf(options),
    configSettings: configSettingsOf(options),
  };
  return { kind: "requirement", entry };
}

/** Digits of the digests that are strong enough to count (pip's rule). */
const DIGITS: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

function hashesOf(options: readonly WrittenOption[]): RequirementsEntry["hashes"] {
  const hashes: Record<string, string[]> = {};
  for (const { name, value } of options) {
    if (name !== "hash") continue;
    const [, algorithm = "", digest = ""] = /^([^:]*):([^]*)$/.exec(value) ?? [];
    const digits = DIGITS[algorithm];
    if (digits === undefined)
      throw new InvalidSyntax(`\`--hash=${value}\` is none of \`sha256:…\`, \`sha384:…\`, \`sha512:…\``);
    if (digest.length !== digits || !/^[0-9a-f]+$/i.test(digest))
      throw new InvalidSyntax(`\`--hash=${value}\` is no ${algorithm} of ${digits} hexadecimal digits`);
    (hashes[algorithm] ??= []).push(digest.toLowerCase());
  }
  return hashes;
}

function configSettingsOf(options: readonly WrittenOption[]): RequirementsEntry["configSettings"] {
  const settings = new Map<string, string | readonly string[]>();
  for (const { name, value } of options) {
    if (name !== "config-settings") continue;
    const [, key, given] = /^([^=]+)=([^]*)$/.exec(value) ?? [];
    if (key === undefined || given === undefined)
      throw new InvalidSyntax(`\`--config-settings ${value}\` is not of the form KEY=VALUE`);
    const before = settings.get(key);
    settings.set(key, before === undefined ? given : [before, given].flat());
  }
  return Object.fromEntries(settings);
}

const REMOTE = /^https?:/i;

/** A file named in another: relative to it, be that on this machine or on a server. */
function beside(file: string, name: string): string {
  if (name.includes("\0")) throw new InvalidSyntax("a file's name holds a NUL");
  if (REMOTE.test(name)) return name;
  const isLocalUrl = /^file:/i.test(name);
  if (REMOTE.test(file)) {
    // What a server says must not lead to files of this machine.
    if (isLocalUrl) throw new InvalidSyntax(`\`${name}\` is on this machine, and the file that names it is not`);
    return new URL(name, file).href;
  }
  const folder = path.dirname(/^file:/i.test(file) ? fileURLToPath(file) : file);
  return isLocalUrl ? fileURLToPath(name) : path.resolve(folder, name);
}

/** All that a requirements file says, the files it names included. */
export interface RequirementsFile {
  readonly entries: readonly RequirementsEntry[];
  readonly options: RequirementsOptions;
}

/** Gives the bytes of a file by its absolute path or URL. */
export type ReadRequirements = (file: string) => Promise<Uint8Array>;

/**
 * Reads a requirements file and those it names, depth first, in the order of their lines. Throws `E_REQUIREMENTS_INVALID`,
 * also where files name each other in a circle, and what `read` throws.
 */
export async function loadRequirementsFile(
  context: RequirementsContext,
  read: ReadRequirements,
): Promise<RequirementsFile> {
  const entries: RequirementsEntry[] = [];
  let options = NO_OPTIONS;
  const visit = async (here: RequirementsContext, chain: readonly string[]): Promise<void> => {
    for (const line of parseRequirementsFile(decodeFile(await read(here.file), here.file), here)) {
      if (line.kind === "requirement") entries.push(line.entry);
      else if (line.kind === "options")
        options = addOptions(options, line.options, (place) => located(place, here.file));
      else if (chain.includes(line.file))
        throw invalidLine({ ...here, line: line.line }, `it names \`${shownName(line.file)}\`, which leads back to it`);
      else await visit({ ...context, file: line.file, isConstraint: line.isConstraint }, [...chain, line.file]);
    }
  };
  await visit(context, [context.file]);
  return { entries, options };
}

function decodeFile(bytes: Uint8Array, file: string): string {
  try {
    return decodeRequirementsFile(bytes);
  } catch (cause) {
    if (!(cause instanceof InvalidSyntax)) throw cause;
    throw new PybunError("E_REQUIREMENTS_INVALID", `${shownName(file)} can't be read: ${cause.message}`, {
      file,
      hints: ["name its encoding in the first line, such as `# -*- coding: iso-8859-1 -*-`"],
    });
  }
}

const located = (place: string, file: string): string =>
  /^[a-z][a-z0-9+.-]+:/i.test(place) ? place : beside(file, place);

/**
 * Entries without what `--require-hashes` asks for: a hash, of one version (`==`) or one archive. Any hash in the file asks
 * for those of all, unless `--no-require-hashes` says otherwise. Empty where hashes are not required.
 */
export function entriesWithoutHash({ entries, options }: RequirementsFile): readonly RequirementsEntry[] {
  const hasHash = ({ hashes }: RequirementsEntry) => Object.keys(hashes).length > 0;
  const isRequired = options.requiresHashes ?? entries.some(hasHash);
  if (!isRequired) return [];
  const byConstraint = new Set(
    entries.flatMap((entry) => (entry.isConstraint && hasHash(entry) ? (nameOf(entry) ?? []) : [])),
  );
  return entries.filter((entry) => {
    if (entry.isConstraint) return false;
    return !isExact(entry) || !(hasHash(entry) || byConstraint.has(nameOf(entry) ?? ""));
  });
}

const nameOf = ({ subject }: RequirementsEntry): string | undefined =>
  subject.kind === "requirement" ? subject.requirement.name : undefined;

function isExact({ subject, isEditable }: RequirementsEntry): boolean {
  if (isEditable) return false;
  if (subject.kind === "unnamed") return !/^(?:git|hg|svn|bzr)\+/i.test(subject.url);
  const { url, specifier } = subject.requirement;
  return url === undefined ? /^===?[^*]+$/.test(specifier) && !specifier.includes(",") : !/^\w+\+/.test(url);
}

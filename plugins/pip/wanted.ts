import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { InvalidSyntax, PybunError } from "../../plugin-api/error.ts";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import type { Demand, PackageName, Requirement } from "../../plugin-api/model/requirement.ts";
import {
  loadRequirementsFile,
  type RequirementsEntry,
  type RequirementsFile,
} from "../../plugin-api/python/requirements-file.ts";
import { addOptions, NO_OPTIONS, type RequirementsOptions } from "../../plugin-api/python/requirements-file-options.ts";
import {
  checkEditable,
  type RequirementsSubject,
  readSubject,
} from "../../plugin-api/python/requirements-file-subject.ts";
import { Host, Http } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";

/** What the words of a call and the files they name ask for. */
export interface Wanted {
  readonly entries: readonly RequirementsEntry[];
  /** What is typed, with what the files say after it, as in pip. */
  readonly options: RequirementsOptions;
}

export interface Words {
  readonly operands: readonly string[];
  readonly requirement: readonly string[];
  readonly constraint?: readonly string[];
  readonly editable?: readonly string[];
}

/** Reads operands and files, in pip's order. Throws `E_REQUIREMENTS_INVALID`. */
export async function readWanted(words: Words, typed: RequirementsOptions, session: Session): Promise<Wanted> {
  const { operands, requirement, constraint = [], editable = [] } = words;
  const files: RequirementsFile[] = [];
  for (const name of constraint) files.push(await load(name, { isConstraint: true }, session));
  const own = [
    ...operands.map((text) => entryOf(text, { isEditable: false, cwd: session.cwd })),
    ...editable.map((text) => entryOf(text, { isEditable: true, cwd: session.cwd })),
  ];
  for (const name of requirement) files.push(await load(name, { isConstraint: false }, session));
  const entries = [...own, ...files.flatMap((file) => file.entries)];
  return { entries, options: files.reduce((all, { options }) => joined(all, options), typed) };
}

async function load(name: string, { isConstraint }: { isConstraint: boolean }, session: Session) {
  const { env } = await session.use(Host);
  const isRemote = /^https?:/i.test(name);
  const local = /^file:/i.test(name) ? fileURLToPath(name) : path.resolve(session.cwd, name);
  const file = isRemote ? name : name === "-" ? path.join(session.cwd, "<stdin>") : local;
  const read = async (at: string): Promise<Uint8Array> =>
    at === file && name === "-" ? fs.readFileSync(0) : bytesOf(at, session);
  return loadRequirementsFile({ file, cwd: session.cwd, env, isConstraint }, read);
}

async function bytesOf(file: string, session: Session): Promise<Uint8Array> {
  if (!/^https?:/i.test(file)) {
    const stat = fs.statSync(file, { throwIfNoEntry: false });
    if (stat?.isFile() || stat?.isFIFO()) return fs.readFileSync(file);
    const what = stat ? "is no file" : "is not there";
    throw new PybunError(
      "E_REQUIREMENTS_INVALID",
      `the requirements file \`${path.relative(session.cwd, file)}\` ${what}`,
      { file },
    );
  }
  const { status, body } = await (await session.use(Http)).get(file);
  if (status === 200) return body;
  throw new PybunError("E_REQUIREMENTS_INVALID", `\`${file}\` can't be read: the server answered ${status}`, {
    context: { status },
  });
}

function entryOf(text: string, { isEditable, cwd }: { isEditable: boolean; cwd: string }): RequirementsEntry {
  const place = { text, file: "", line: 0, isConstraint: false, isEditable, hashes: {}, configSettings: {} };
  try {
    const subject = readSubject(text, cwd);
    if (isEditable) checkEditable(subject);
    checkExists(subject);
    return { ...place, subject };
  } catch (cause) {
    if (!(cause instanceof InvalidSyntax) && !(cause instanceof URIError)) throw cause;
    throw new PybunError("E_REQUIREMENTS_INVALID", `\`${text}\` can't be read: ${cause.message}`, { cause });
  }
}

/** What is no package at all is told so before anything is looked for. */
function checkExists(subject: RequirementsSubject): void {
  const url = subject.kind === "unnamed" ? subject.url : subject.requirement.url;
  if (url === undefined || !/^file:/i.test(url)) return;
  const file = fileURLToPath(url.split("#", 1)[0] as string);
  if (!fs.existsSync(file)) throw new InvalidSyntax(`there is no file or folder \`${file}\``);
}

/** The options of one file behind those of others: lists go on, single values are replaced. */
function joined(before: RequirementsOptions, after: RequirementsOptions): RequirementsOptions {
  const formats = [
    ...after.noBinary.map((value) => ({ name: "no-binary", value })),
    ...after.onlyBinary.map((value) => ({ name: "only-binary", value })),
  ];
  return {
    ...before,
    ...addOptions(before, formats, (place) => place),
    ...(after.indexUrl !== undefined && { indexUrl: after.indexUrl }),
    extraIndexUrls: [...before.extraIndexUrls, ...after.extraIndexUrls],
    noIndex: before.noIndex || after.noIndex,
    findLinks: [...before.findLinks, ...after.findLinks],
    prefersBinary: before.prefersBinary || after.prefersBinary,
    ...(after.requiresHashes !== undefined && { requiresHashes: after.requiresHashes }),
    allowsPrereleases: before.allowsPrereleases || after.allowsPrereleases,
    allReleases: [...before.allReleases, ...after.allReleases],
    onlyFinal: [...before.onlyFinal, ...after.onlyFinal],
    trustedHosts: [...before.trustedHosts, ...after.trustedHosts],
    features: [...before.features, ...after.features],
  };
}

/** What is typed of the options that requirements files know, too. */
export interface TypedOptions {
  readonly indexUrl?: string | undefined;
  readonly extraIndexUrl: readonly string[];
  readonly noIndex: boolean;
  readonly findLinks: readonly string[];
  readonly trustedHost: readonly string[];
  readonly pre?: boolean;
  readonly noBinary?: readonly string[];
  readonly onlyBinary?: readonly string[];
  readonly preferBinary?: boolean;
  readonly requireHashes?: boolean;
}

/** What is typed, in the form in which requirements files say it. */
export function typedOptions(typed: TypedOptions, cwd: string): RequirementsOptions {
  const formats = [
    ...(typed.noBinary ?? []).map((value) => ({ name: "no-binary", value })),
    ...(typed.onlyBinary ?? []).map((value) => ({ name: "only-binary", value })),
  ];
  const isOfAll = ({ value }: { readonly value: string }): boolean => value.includes(":all:");
  const written = [
    // Of the order of the two options nothing is known: what is said of all comes before what is said of some.
    ...formats.filter(isOfAll),
    ...formats.filter((each) => !isOfAll(each)),
    ...typed.findLinks.map((value) => ({ name: "find-links", value })),
  ];
  const isAddress = (place: string): boolean => /^[a-z][a-z0-9+.-]+:/i.test(place);
  return {
    ...addOptions(NO_OPTIONS, written, (place) => (isAddress(place) ? place : path.resolve(cwd, place))),
    ...(typed.indexUrl !== undefined && { indexUrl: typed.indexUrl }),
    extraIndexUrls: typed.extraIndexUrl,
    noIndex: typed.noIndex,
    prefersBinary: typed.preferBinary === true,
    ...(typed.requireHashes && { requiresHashes: true }),
    allowsPrereleases: typed.pre === true,
    trustedHosts: typed.trustedHost,
  };
}

/** An entry with the demand it is; the entry's hashes are those of the package's name. */
export interface Asked {
  readonly entry: RequirementsEntry;
  readonly demand: Demand;
}

/** Finds out what unnamed places hold. Throws what `fetch.versions` throws. */
export async function demandsOf(
  entries: readonly RequirementsEntry[],
  interpreter: Interpreter,
  session: Session,
): Promise<readonly Asked[]> {
  return Promise.all(
    entries.map(async (entry) => {
      const requirement = await requirementOf(entry, interpreter, session);
      const origin = entry.file === "" ? "command line" : `${path.basename(entry.file)}:${entry.line}`;
      const { file } = entry;
      return { entry, demand: { requirement, text: entry.text, origin, ...(path.isAbsolute(file) && { file }) } };
    }),
  );
}

async function requirementOf(
  { subject, isEditable }: RequirementsEntry,
  interpreter: Interpreter,
  session: Session,
): Promise<Requirement> {
  if (subject.kind === "requirement") {
    const { requirement } = subject;
    if (!isEditable || requirement.url === undefined) return requirement;
    return { ...requirement, url: editableUrl(requirement.url) };
  }
  const url = isEditable ? editableUrl(subject.url) : subject.url;
  const { extras, marker } = subject;
  const nameless = { name: "" as PackageName, extras: [], specifier: "", marker: "", url };
  const [page] = await session.run("fetch.versions", { name: nameless.name, requirement: nameless, interpreter });
  return { name: (page as NonNullable<typeof page>).name, extras, specifier: "", marker, url };
}

const editableUrl = (url: string): string => `${url}${url.includes("#") ? "&" : "#"}editable=true`;

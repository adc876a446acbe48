import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { InvalidSyntax, PybunError } from "../../plugin-api/error.ts";
import type { RequirementsEntry, RequirementsFile } from "../../plugin-api/python/requirements-file.ts";
import { addOptions, NO_OPTIONS, type RequirementsOptions } from "../../plugin-api/python/requirements-file-options.ts";
import {
  checkEditable,
  type RequirementsSubject,
  readSubject,
} from "../../plugin-api/python/requirements-file-subject.ts";
import { loadRequirements } from "../../plugin-api/requirements/load.ts";
import type { Session } from "../../plugin-api/session.ts";
import { groupEntries } from "./group-entries.ts";

/** What the words of a call and the files they name ask for. */
export interface Wanted {
  readonly entries: readonly RequirementsEntry[];
  /** What is typed, with what the files say after it, as in pip. */
  readonly options: RequirementsOptions;
}

export interface Words {
  readonly operands: readonly string[];
  readonly requirement: readonly string[];
  /** `[PATH:]GROUP` each. */
  readonly group?: readonly string[];
  readonly constraint?: readonly string[];
  readonly editable?: readonly string[];
}

/** Reads operands and files, in pip's order. Throws `E_REQUIREMENTS_INVALID`, `E_PROJECT_INVALID`. */
export async function readWanted(words: Words, typed: RequirementsOptions, session: Session): Promise<Wanted> {
  const { operands, requirement, group = [], constraint = [], editable = [] } = words;
  const files: RequirementsFile[] = [];
  for (const name of constraint) files.push(await loadRequirements(name, { isConstraint: true }, session));
  const own = [
    ...operands.map((text) => entryOf(text, { isEditable: false, cwd: session.cwd })),
    ...group.flatMap((written) => groupEntries(written, session.cwd)),
    ...editable.map((text) => entryOf(text, { isEditable: true, cwd: session.cwd })),
  ];
  for (const name of requirement) files.push(await loadRequirements(name, { isConstraint: false }, session));
  const entries = [...own, ...files.flatMap((file) => file.entries)];
  return { entries, options: files.reduce((all, { options }) => joined(all, options), typed) };
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

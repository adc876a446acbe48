import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parse } from "smol-toml";
import { InvalidSyntax } from "./error.ts";
import type { Demand, PackageName, Requirement } from "./model/requirement.ts";
import { archiveKind } from "./page/archive-links.ts";
import { isPackageName, normalizeName } from "./python/package-name.ts";
import { formatRequirement, parseRequirement } from "./python/requirement.ts";
import { parseSdistFilename } from "./python/sdist-filename.ts";
import { parseWheelFilename } from "./python/wheel-filename.ts";
import type { Session } from "./session.ts";
import { usageError } from "./usage.ts";

/** Where a requirement was typed. */
export interface TypedPlace {
  /** Command's path, such as `run`, for errors. */
  readonly command: string;
  readonly session: Pick<Session, "cwd" | "run">;
  /** Only a project's folder will do, which is to be installed as editable. */
  readonly isEditable?: boolean;
}

/**
 * What is typed as a requirement: one by PEP 508, or the path or URL of a wheel, a source archive or a project, perhaps with extras
 * behind it (`./demo[cli]`). What the package there is called is looked up where it lies. Throws `E_USAGE`, and what
 * `fetch.versions` throws.
 */
export async function typedDemand(text: string, place: TypedPlace): Promise<Demand> {
  const requirement = place.isEditable ? await editableFolder(text, place) : await requirementOf(text, place);
  const isAsTyped = requirement.url === undefined || text.includes(requirement.url);
  return { requirement, text: isAsTyped ? text : formatRequirement(requirement), origin: "command line" };
}

async function requirementOf(text: string, place: TypedPlace): Promise<Requirement> {
  const requirement = requirementIn(text);
  if (!(requirement instanceof InvalidSyntax)) return withWholePath(requirement, place);
  const found = isUrl(text) ? { url: text, extras: "" } : findPath(text, place);
  if (found === undefined) throw usageError(place.command, noPath(text) ?? requirement.message);
  return named(found, place);
}

function requirementIn(text: string): Requirement | InvalidSyntax {
  try {
    // `demo-1.0-py3-none-any.whl` could be a package's name, and is none.
    if (/^[\w.+-]+$/.test(text) && archiveKind(text) !== undefined) return new InvalidSyntax("it names an archive");
    return parseRequirement(text);
  } catch (error) {
    if (error instanceof InvalidSyntax) return error;
    throw error;
  }
}

/** `demo @ ./demo`: relative to where it is typed, which a requirement in a file is not. */
function withWholePath(requirement: Requirement, { session }: TypedPlace): Requirement {
  const { url } = requirement;
  if (url === undefined || isUrl(url) || /^[a-z][a-z0-9+.-]+:/i.test(url)) return requirement;
  const file = path.resolve(session.cwd, url);
  return fs.existsSync(file) ? { ...requirement, url: pathToFileURL(file).href } : requirement;
}

async function editableFolder(text: string, place: TypedPlace): Promise<Requirement> {
  const found = findPath(text, place);
  if (found === undefined || !fs.statSync(found.file).isDirectory()) {
    const what = found === undefined ? `there is no folder \`${text}\`` : `\`${text}\` is no folder`;
    throw usageError(place.command, `${what} that could be installed as editable`);
  }
  return named({ ...found, url: `${found.url}#editable=true` }, place);
}

const isUrl = (text: string): boolean => /^(?:git\+[a-z]+|https?|file):\S+$/i.test(text);

interface Found {
  readonly url: string;
  /** `[cli]`, or the empty text. */
  readonly extras: string;
  readonly file?: string;
}

function findPath(text: string, { session }: TypedPlace): (Found & { readonly file: string }) | undefined {
  const [, bare = "", extras = ""] = /^(.*?)(\[[\w\s,.-]*\])?$/s.exec(text) ?? [];
  for (const [typed, behind] of [
    [text, ""],
    [bare, extras],
  ] as const) {
    if (typed === "") continue;
    const file = path.resolve(session.cwd, typed.replace(/^~(?=[/\\]|$)/, os.homedir()));
    if (fs.existsSync(file)) return { url: pathToFileURL(file).href, extras: behind, file };
  }
  return undefined;
}

/** What reads like a path is told of as one. */
const noPath = (text: string): string | undefined =>
  /^[.~]?[/\\]|^\.\.[/\\]|\.(?:whl|zip|tar\.gz|tgz)$/.test(text) ? `there is no file or folder \`${text}\`` : undefined;

async function named(found: Found, place: TypedPlace): Promise<Requirement> {
  const name = (found.file === undefined ? undefined : nameOf(found.file)) ?? (await lookUp(found.url, place));
  try {
    return parseRequirement(`${name}${found.extras} @ ${found.url}`);
  } catch (error) {
    if (error instanceof InvalidSyntax) throw usageError(place.command, error.message);
    throw error;
  }
}

async function lookUp(url: string, { session }: TypedPlace): Promise<PackageName> {
  const name = "" as PackageName;
  const requirement = { name, extras: [], specifier: "", marker: "", url };
  const [page] = await session.run("fetch.versions", { name, requirement });
  return (page as NonNullable<typeof page>).name;
}

/** What a file's name or a project's own words say the package is called; undefined where neither does. */
function nameOf(file: string): PackageName | undefined {
  try {
    if (fs.statSync(file).isDirectory()) return nameOfProject(file);
    const filename = path.basename(file);
    return filename.endsWith(".whl") ? parseWheelFilename(filename).name : parseSdistFilename(filename).name;
  } catch {
    // Whoever looks inside says best what is wrong with it.
    return undefined;
  }
}

type Table = Readonly<Record<string, unknown>> | undefined;

function nameOfProject(folder: string): PackageName | undefined {
  const { project, tool } = parse(fs.readFileSync(path.join(folder, "pyproject.toml"), "utf8"));
  const poetry = (tool as Table)?.["poetry"] as Table;
  const name = (project as Table)?.["name"] ?? poetry?.["name"];
  return typeof name === "string" && isPackageName(name) ? normalizeName(name) : undefined;
}

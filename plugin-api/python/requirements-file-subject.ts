import path from "node:path";
import { pathToFileURL } from "node:url";
import { InvalidSyntax } from "../error.ts";
import type { Extra, Requirement } from "../model/requirement.ts";
import { archiveKind } from "../page/archive-links.ts";
import { parseMarker } from "./marker.ts";
import { parseExtra } from "./package-name.ts";
import { parseRequirement } from "./requirement.ts";
import { parseSdistFilename } from "./sdist-filename.ts";
import { parseWheelFilename } from "./wheel-filename.ts";

/** What a line asks for: a requirement, or a place whose package only a look at it tells. */
export type RequirementsSubject =
  | { readonly kind: "requirement"; readonly requirement: Requirement }
  | {
      readonly kind: "unnamed";
      /** `file:` for paths; a version control URL begins with `git+`, `hg+`, … */
      readonly url: string;
      readonly extras: readonly Extra[];
      readonly marker: string;
    };

const URL_LIKE = /^(?:(?:git|hg|svn|bzr)\+)?[a-z][a-z0-9.-]*:\/\//i;
const FILE_LIKE = /^file:/i;

/**
 * Reads what stands before a line's options: a requirement (PEP 508), `name @ place`, a URL with or without `#egg=name`, or
 * a path (relative to `cwd`), each with extras and a marker. Throws InvalidSyntax.
 */
export function readSubject(text: string, cwd: string): RequirementsSubject {
  if (!looksLikePlace(text)) return { kind: "requirement", requirement: absolute(parseRequirement(text), cwd) };
  const [place, marker] = splitMarker(text);
  const [bare, extras] = splitExtras(place);
  return named(absoluteUrl(bare, cwd), extras, marker);
}

/** `name @ ./folder`, which the standard has no place for but people write. */
function absolute(requirement: Requirement, cwd: string): Requirement {
  const { url } = requirement;
  return url === undefined ? requirement : { ...requirement, url: absoluteUrl(url, cwd) };
}

/** Paths and `file:../folder` as the URLs they mean. */
function absoluteUrl(place: string, cwd: string): string {
  if (URL_LIKE.test(place) || /^file:\//i.test(place)) return place;
  const [address = "", fragment] = FILE_LIKE.test(place) ? place.slice("file:".length).split(/#(.*)/s) : [place];
  const { href } = pathToFileURL(path.resolve(cwd, address));
  return fragment === undefined ? href : `${href}#${fragment}`;
}

/** As pip sees it: a scheme, a separator before any `@`, a leading dot, or the ending of an archive. */
function looksLikePlace(text: string): boolean {
  if (URL_LIKE.test(text) || FILE_LIKE.test(text)) return true;
  const [head = ""] = text.split(/\s*[;@]/, 1);
  const [bare] = splitExtras(head.trim());
  return bare.startsWith(".") || /[/\\]/.test(bare) || (!text.includes("@") && archiveKind(bare) !== undefined);
}

/** A URL may hold semicolons: its marker is parted by one with a blank beside it. */
function splitMarker(text: string): readonly [place: string, marker: string] {
  const separator = URL_LIKE.test(text) ? /\s;|;\s/ : /;/;
  const at = text.search(separator);
  if (at < 0) return [text.trim(), ""];
  const marker = text.slice(text.indexOf(";", at) + 1).trim();
  return [text.slice(0, at).trim(), marker === "" ? "" : parseMarker(marker).text];
}

function splitExtras(place: string): readonly [bare: string, extras: readonly Extra[]] {
  const match = /^(.+?)\s*\[([^\]]*)\]$/s.exec(place);
  if (match === null) return [place, []];
  const names = match[2]!
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);
  return [match[1]!, [...new Set(names.map(parseExtra))].sort()];
}

/** The package's name, where `#egg=` or the name of the archive tells it. */
function named(url: string, extras: readonly Extra[], marker: string): RequirementsSubject {
  const [address = "", fragment = ""] = url.split(/#(.*)/s);
  const parts = fragment.split("&").filter(Boolean);
  const egg = parts.find((part) => part.startsWith("egg="))?.slice("egg=".length);
  const rest = parts.filter((part) => !part.startsWith("egg=")).join("&");
  const clean = rest === "" ? address : `${address}#${rest}`;
  const [eggName, eggExtras] = splitExtras(decodeURIComponent(egg ?? ""));
  const name = eggName === "" ? nameOfArchive(address) : parseRequirement(eggName).name;
  const all = [...new Set([...extras, ...eggExtras])].sort();
  if (name === undefined) return { kind: "unnamed", url: clean, extras: all, marker };
  return { kind: "requirement", requirement: { name, extras: all, specifier: "", marker, url: clean } };
}

function nameOfArchive(address: string): Requirement["name"] | undefined {
  const filename = decodeURIComponent(address.slice(address.lastIndexOf("/") + 1));
  const kind = archiveKind(filename);
  if (kind === undefined) return undefined;
  try {
    return kind === "wheel" ? parseWheelFilename(filename).name : parseSdistFilename(filename).name;
  } catch (error) {
    if (!(error instanceof InvalidSyntax)) throw error;
    if (kind === "wheel") throw error;
    return undefined; // archives of source may be called anything, such as `main.zip`
  }
}

/** Whether the subject of `-e` can be installed so: a folder on this machine, or a version control URL. */
export function checkEditable(subject: RequirementsSubject): void {
  const url = subject.kind === "unnamed" ? subject.url : subject.requirement.url;
  const isTree = url !== undefined && (FILE_LIKE.test(url) || /^(?:git|hg|svn|bzr)\+/i.test(url));
  if (!isTree) throw new InvalidSyntax("`-e` needs a folder or the URL of a repository");
}

import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { fileUrl } from "../page/archive-links.ts";

/** Where a lock lies: what it says of files and folders on this machine is relative to that. */
export interface LockPlace {
  /** Absolute path of the lock file, or that it will have. */
  readonly path: string;
  /** URLs at which the indexes are reached here, by logical name, where they differ from those in the lock: mirrors. */
  readonly indexes?: Readonly<Record<string, string>>;
}

/** A URL without user name and password; `git@` and its like before a host that is reached over ssh stay. */
export function withoutCredentials(url: string): string {
  return url.replace(/^((?:[a-z][a-z0-9+.-]*):\/\/)([^/?#]*)@/i, (_, scheme: string, login: string) => {
    const user = login.split(":", 1)[0] as string;
    return /ssh:\/\/$/i.test(scheme) && user !== "" ? `${scheme}${user}@` : scheme;
  });
}

/** A path as the lock has it: relative to the lock's folder, with `/`; absolute only on another drive. */
export function portablePath(file: string, { path: lock }: LockPlace): string {
  const relative = path.relative(path.dirname(lock), file);
  return relative === "" ? "." : relative.split(path.sep).join("/");
}

/** The absolute path that a lock's path means here. */
export const pathHere = (text: string, { path: lock }: LockPlace): string => path.resolve(path.dirname(lock), text);

/**
 * A file's address as the lock has it: relative to its index where they share a host, `file:` and a path relative to the lock
 * on this machine, else the whole URL without credentials. `base`: URL of the index, if there is one.
 */
export function portableUrl(url: string, base: string | undefined, place: LockPlace): string {
  if (url.startsWith("file:")) return portableFileUrl(url, place);
  if (isOrdinary(url) && (base === undefined || isOrdinary(base))) return portableOrdinary(url, base);
  const bare = withoutCredentials(url);
  if (base === undefined || !URL.canParse(base) || !URL.canParse(bare)) return bare;
  const relative = relativeUrl(new URL(bare), new URL(base));
  return relative !== undefined && new URL(relative, withoutCredentials(base)).href === bare ? relative : bare;
}

// What no parser of URLs would write in another way: by far the most addresses, of which a lock has thousands.
const ORDINARY =
  /^https?:\/\/(?:[a-z0-9][a-z0-9.-]*[a-z]|127\.0\.0\.1)(?::(?!80\/|443\/)(?:[1-9]\d{0,3}|[1-5]\d{4}))?\/[A-Za-z0-9._~/!*+,;=:@-]*$/;
const isOrdinary = (url: string): boolean => ORDINARY.test(url) && !url.includes("/.");

/** As below, without parsing either. */
function portableOrdinary(url: string, base: string | undefined): string {
  if (base === undefined) return url;
  const root = base.indexOf("/", base.indexOf("//") + 2) + 1;
  if (!url.startsWith(base.slice(0, root))) return url;
  let [at, up] = [root, ""];
  for (let end = base.indexOf("/", root); end >= 0; end = base.indexOf("/", end + 1)) {
    const start = base.lastIndexOf("/", end - 1) + 1;
    if (up === "" && url.startsWith(base.slice(start, end + 1), at)) at += end + 1 - start;
    else up += "../";
  }
  const relative = relativePath(up, url.slice(at));
  return relative === "" && url !== base ? url : relative;
}

function portableFileUrl(url: string, place: LockPlace): string {
  const [address = "", ...fragment] = url.split("#");
  const file = `file:${encodePath(portablePath(fileURLToPath(address), place))}`;
  return [file, ...fragment].join("#");
}

/** `%` and what ends a path in a URL; the rest may stand as it is. */
const encodePath = (text: string): string => text.replace(/[%?#]/g, (mark) => encodeURIComponent(mark));

function relativeUrl(url: URL, base: URL): string | undefined {
  if (url.origin !== base.origin || url.origin === "null") return undefined;
  const from = base.pathname.split("/").slice(0, -1);
  const to = url.pathname.split("/");
  let shared = 0;
  while (shared < from.length && shared < to.length - 1 && from[shared] === to[shared]) shared++;
  const up = "../".repeat(from.length - shared);
  return relativePath(up, to.slice(shared).join("/") + url.search);
}

/** What looks like a scheme, or begins with a slash, would be read as something else. */
const relativePath = (up: string, rest: string): string =>
  up === "" && /^\/|^[^/]*:/.test(rest) ? `./${rest}` : up + rest;

/** The URL here that a lock's address means. Throws `TypeError` or `UnsafeLink` for what no honest lock has. */
export function urlHere(location: string, base: string | undefined, place: LockPlace): string {
  if (isRelativeFile(location)) return fileUrlHere(location, place);
  if (/^[a-z][a-z0-9+.-]*:/i.test(location)) return fileUrl(location, location);
  if (base === undefined) throw new TypeError("no index to which it is relative");
  return fileUrl(new URL(location, base).href, base);
}

const isRelativeFile = (location: string): boolean => /^file:(?!\/)/.test(location);

function fileUrlHere(location: string, place: LockPlace): string {
  const [address = "", ...fragment] = location.slice("file:".length).split("#");
  return [pathToFileURL(pathHere(decodeURIComponent(address), place)).href, ...fragment].join("#");
}

/** A requirement (PEP 508) with a direct reference to this machine as the lock has it: `demo @ file:../demo`. */
export const portableRequirement = (text: string, place: LockPlace): string =>
  text.replace(FILE_REFERENCE, (_, name: string, url: string) => name + portableUrl(url, undefined, place));

/** The opposite of `portableRequirement`. Throws `URIError`. */
export const requirementHere = (text: string, place: LockPlace): string =>
  text.replace(
    FILE_REFERENCE,
    (_, name: string, url: string) => name + (isRelativeFile(url) ? fileUrlHere(url, place) : url),
  );

const FILE_REFERENCE = /^([^@;]*@\s*)(file:[^\s;]*)/;

/** The value of META's `indexes`: logical names and their URLs, sorted, without credentials, folders relative to the lock. */
export function formatIndexes(indexes: Readonly<Record<string, string>>, place: LockPlace): string {
  const names = Object.keys(indexes).sort();
  return JSON.stringify(
    Object.fromEntries(names.map((name) => [name, portableUrl(indexes[name] as string, undefined, place)])),
  );
}

/** URL by logical name here: what `formatIndexes` wrote, then what the place says. Passes over what can't be read. */
export function indexesHere(text: string | undefined, place: LockPlace): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [name, url] of Object.entries(parseObject(text))) {
    try {
      if (typeof url === "string") found.set(name, urlHere(url, undefined, place));
    } catch {}
  }
  for (const [name, url] of Object.entries(place.indexes ?? {})) found.set(name, url);
  return found;
}

function parseObject(text: string | undefined): object {
  if (text === undefined) return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

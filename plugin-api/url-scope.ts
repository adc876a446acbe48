import { cachedByText } from "./python/text-cache.ts";

/** An index whose login is wanted. */
export interface LearnedIndex {
  readonly url: string;
  readonly name?: string;
  /** Where the index of that name is by the word of whoever runs PyBun; `origin`: flag, variable or file that says so. */
  readonly home?: () => { readonly url: string; readonly origin: string } | undefined;
}

/**
 * The entry whose `url` a URL lies below: of those with its scheme, host and port the one with the longest path, or the first
 * where no path fits, since an index may keep its files beside its pages. Undefined where none is of that host, and for what
 * is no URL.
 */
export function scopeOf<T extends { readonly url: string }>(url: string, entries: readonly T[]): T | undefined {
  const origin = entries.length === 0 ? undefined : originOf(url);
  if (origin === undefined) return undefined;
  const near = entries.filter((entry) => placeOf(entry.url).origin === origin);
  if (near.length < 2) return near[0];
  const { pathname } = new URL(url);
  let best: T | undefined;
  let bestLength = -1;
  for (const entry of near) {
    const { folder } = placeOf(entry.url);
    const length = `${pathname}/`.startsWith(folder) ? folder.length : 0;
    if (length > bestLength) [best, bestLength] = [entry, length];
  }
  return best;
}

/** What stands before the path, where nothing there needs more than a look. */
const SERVER = /^https?:\/\/[\w.:[\]-]+(?=\/)/;

/** Scheme, host and port; undefined for what is no URL. Of a thousand files of one server that is found out once. */
function originOf(url: string): string | undefined {
  const server = SERVER.exec(url);
  if (server) return placeOf(server[0]).origin;
  return URL.canParse(url) ? new URL(url).origin : undefined;
}

interface Place {
  /** Undefined for what is no URL. */
  readonly origin: string | undefined;
  /** Its path, with a slash at the end. */
  readonly folder: string;
}
/** The same few are asked for with each request. */
const placeOf: (url: string) => Place = cachedByText((url) => {
  if (!URL.canParse(url)) return { origin: undefined, folder: "" };
  const { origin, pathname } = new URL(url);
  return { origin, folder: pathname.endsWith("/") ? pathname : `${pathname}/` };
});

/** A URL without user name, password and fragment; what is no URL as it is. */
export function bareUrl(url: string): string {
  if (!URL.canParse(url)) return url;
  const bare = new URL(url);
  bare.username = "";
  bare.password = "";
  bare.hash = "";
  return bare.href;
}

/** User name and password of a URL, decoded; undefined where it has neither. */
export function loginIn(url: string): { readonly username: string; readonly password: string } | undefined {
  if (!url.includes("@") || !URL.canParse(url)) return undefined;
  const { username, password } = new URL(url);
  return username === "" && password === "" ? undefined : { username: decoded(username), password: decoded(password) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

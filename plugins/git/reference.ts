import { InvalidSyntax, PybunError } from "../../plugin-api/error.ts";
import { sha256Of } from "../../plugin-api/hash/native.ts";
import type { Source } from "../../plugin-api/model/distribution.ts";
import { type GitUrl, parseGitUrl } from "../../plugin-api/python/git-url.ts";

export type GitSource = Extract<Source, { readonly kind: "git" }>;

/** A requirement from a git repository, taken apart. */
export interface GitReference extends GitUrl {
  /** Without password; user names stay for ssh alone. */
  readonly url: string;
  /** The requirement for messages. */
  readonly text: string;
  /** User-info for HTTP, as written. */
  readonly login?: { readonly username: string; readonly password: string };
}

/** Takes a `git+…` URL apart. Throws `E_GIT_REFERENCE`. */
export function readReference(name: string, written: string): GitReference {
  const prefix = name === "" ? "" : `${name} @ `;
  const text = prefix + written.replace(/^([^:/]+:\/\/)(?!git@)[^/@]*@/, "$1");
  try {
    const { url: address, ...rest } = parseGitUrl(written);
    const url = new URL(address);
    const { username, password } = url;
    if (password !== "" && url.protocol === "ssh:")
      throw new InvalidSyntax("has a password, which ssh does not take from a URL");
    url.password = "";
    if (url.protocol !== "ssh:") url.username = "";
    const hasLogin = username !== "" && /^https?:$/.test(url.protocol);
    const login = { username: decodeURIComponent(username), password: decodeURIComponent(password) };
    return { ...rest, url: url.href, text, ...(hasLogin && { login }) };
  } catch (error) {
    if (!(error instanceof InvalidSyntax || error instanceof URIError)) throw error;
    const why = error instanceof URIError ? "is no URL of a repository" : error.message;
    throw new PybunError("E_GIT_REFERENCE", `\`${text}\` ${why}`, { cause: error });
  }
}

/** The reference that a pin was made from. */
export const referenceOf = (name: string, { url, reference, subdirectory, isLfs }: GitSource): GitReference => ({
  url,
  text: `${name} @ git+${url}`,
  ...(reference !== undefined && { reference }),
  ...(subdirectory !== undefined && { subdirectory }),
  ...(isLfs && { isLfs }),
});

/** Name of a repository's folders: its URL however it is spelt, hashed. */
export function repositoryKey(url: string): string {
  const { protocol, host, pathname, search } = new URL(url);
  const path = pathname.replace(/\/+$/, "").replace(/\.git$/, "");
  return sha256Of(`${protocol}//${host.toLowerCase()}${path}${search}`).slice(0, 32);
}

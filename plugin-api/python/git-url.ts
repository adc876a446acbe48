import { InvalidSyntax } from "../error.ts";

/** What a `git+…` URL says (the form pip made usual; PEP 440 and PEP 610 speak of it): a repository, and what of it is meant. */
export interface GitUrl {
  /** Address of the repository as git takes it: without `git+`, revision and fragment. May hold user-info. */
  readonly url: string;
  /** Branch, tag, commit or `refs/…`, decoded; absent for what the repository's HEAD is. */
  readonly reference?: string;
  /** Folder of the project inside the repository. */
  readonly subdirectory?: string;
  /** Files kept by Git LFS are wanted. */
  readonly isLfs?: true;
}

const SCHEMES = new Set(["https:", "http:", "ssh:", "git:", "file:"]);
// What `git check-ref-format` refuses, and what would make of a name an expression.
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const NO_REFERENCE = /^-|^\/|\/$|\/\/|\.\.|@\{|[\0-\x20\x7f~^:?*[\\]|\.lock$|\.$/;

/** Whether a requirement's URL names a git repository; it need not be a valid one. */
export const isGitUrl = (url: string): boolean => /^git\+/i.test(url);

/**
 * Reads `git+https://host/repo@rev#subdirectory=x`; also over ssh, http, git and file. What else the fragment says, such as
 * pip's `egg=…`, is passed over. Throws InvalidSyntax; the message completes "the URL …" and shows no user-info.
 */
export function parseGitUrl(text: string): GitUrl {
  const [address = "", ...fragment] = text.slice("git+".length).split("#");
  const url = repositoryUrl(address);
  const at = url.pathname.lastIndexOf("@");
  const reference = at < 0 ? undefined : decoded(url.pathname.slice(at + 1));
  if (reference !== undefined) checkReference(reference);
  if (at >= 0) url.pathname = url.pathname.slice(0, at);
  return { url: url.href, ...(reference !== undefined && { reference }), ...readFragment(fragment.join("#")) };
}

function repositoryUrl(address: string): URL {
  const [, user = "", host, path] = /^(?:ssh:\/\/)?([^@/]*@)?([\w.-]+):(?!\/|\d+\/)([^@]*)/.exec(address) ?? [];
  if (host !== undefined && !/^[a-z]+$/.test(host))
    throw new InvalidSyntax(
      `is written as scp writes it; as a URL it is \`git+ssh://${user.replace(/:.*@/, "@")}${host}/${path}\``,
    );
  if (!/^[a-z][a-z0-9.-]*:\/\//i.test(address) || !URL.canParse(address))
    throw new InvalidSyntax("is no URL of a repository");
  const url = new URL(address);
  if (!SCHEMES.has(url.protocol))
    throw new InvalidSyntax(`has the scheme \`${url.protocol.slice(0, -1)}\`, which is none of git's`);
  const isFile = url.protocol === "file:";
  if (isFile ? url.host !== "" : url.host === "")
    throw new InvalidSyntax(isFile ? "names a relative path" : "names no host");
  // A host that begins with a dash would be an option to ssh.
  if (url.hostname.startsWith("-") || url.username.startsWith("-")) throw new InvalidSyntax("names no host");
  if (url.pathname === "" || url.pathname === "/") throw new InvalidSyntax("names no repository");
  return url;
}

function checkReference(reference: string): void {
  if (reference === "") throw new InvalidSyntax("ends its path with `@` but names no revision");
  if (NO_REFERENCE.test(reference))
    throw new InvalidSyntax(`names a revision that is none: ${JSON.stringify(reference)}`);
}

function readFragment(fragment: string): Pick<GitUrl, "subdirectory" | "isLfs"> {
  const fields = new Map(fragment.split("&").map((part) => part.split(/=(.*)/s) as [string, string]));
  const subdirectory = checkedFolder(decoded(fields.get("subdirectory") ?? ""));
  return {
    ...(subdirectory !== "" && { subdirectory }),
    ...(fields.get("lfs") === "true" && { isLfs: true as const }),
  };
}

/** A folder below a root, with `/` and without `.`, or the empty text. */
function checkedFolder(folder: string): string {
  const parts = folder.split(/[/\\]/);
  const isInside = !/^[/\\]|^[a-z]:/i.test(folder) && !parts.includes("..");
  // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
  if (isInside && !/[\0-\x1f\x7f]/.test(folder)) return parts.filter((part) => part !== "" && part !== ".").join("/");
  throw new InvalidSyntax(`has a subdirectory outside of the repository: ${JSON.stringify(folder)}`);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new InvalidSyntax(`has a percent sign that begins no character: \`${text}\``);
  }
}

/** Writes a `git+…` URL so that `parseGitUrl` reads the same back. Of a source, give its commit as the reference to pin it. */
export function formatGitUrl({ url, reference, subdirectory, isLfs }: GitUrl): string {
  const [address = "", query] = url.split(/(?=\?)/, 2);
  const revision = reference === undefined ? "" : `@${encoded(reference)}`;
  const fields = [
    ...(subdirectory === undefined ? [] : [`subdirectory=${encoded(subdirectory)}`]),
    ...(isLfs ? ["lfs=true"] : []),
  ];
  return `git+${address}${revision}${query ?? ""}${fields.length === 0 ? "" : `#${fields.join("&")}`}`;
}

const encoded = (text: string): string => encodeURIComponent(text).replaceAll("%2F", "/");

/** Whether a reference is the whole name of a commit, which no repository can give another meaning. */
export const isCommit = (reference: string): boolean => /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(reference);

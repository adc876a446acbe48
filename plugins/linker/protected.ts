import path from "node:path";
import type { Scheme } from "../../plugin-api/model/interpreter.ts";
import { isInterpreterName } from "../../plugin-api/python/interpreter-name.ts";

/** Where the parts of an environment are, relative to its root, with `/`. */
export interface Layout {
  readonly site: string;
  readonly scripts: string;
  readonly headers: string;
  /** From site-packages up to the root: `../../../`. */
  readonly upwards: string;
}

export const layoutOf = ({ purelib, scripts, headers }: Scheme): Layout =>
  layoutWith({ site: inLib(posix(purelib)), scripts: posix(scripts), headers: posix(headers) });

export const layoutWith = (places: Omit<Layout, "upwards">): Layout => ({
  ...places,
  upwards: "../".repeat(places.site.split("/").length),
});

const posix = (relative: string): string => relative.replaceAll("\\", "/");

/** `lib64` is a link to `lib`: one place must not have two names. */
export const inLib = (relative: string): string => relative.replace(/^lib64(?=\/|$)/i, "lib");

/** Where nearly all `.data` files go, by the thousand. */
const HARMLESS = new Set(["share", "etc", "include"]);
const OWN_FILES = new Set(["pyvenv.cfg", "pybun.json", ".pybun.lock", ".staging", ".gitignore"]);
const ACTIVATION = /^(?:de)?activate(?:\..*)?$/;

/**
 * Whether a path, relative to the root, is the environment's own: its interpreter, its standard library, what makes it an
 * environment. In any spelling: a file system may fold case, or compose what another one decomposes.
 */
export function isProtected(relative: string, { site, scripts }: Layout): boolean {
  const isPlain = !relative.includes("..") && !relative.includes("./");
  if (isPlain && HARMLESS.has(relative.slice(0, relative.indexOf("/")))) return false;
  const normal = inLib(fold(isPlain ? relative : path.posix.normalize(relative)));
  const [first = "", second = ""] = normal.split("/", 2);
  if (OWN_FILES.has(first) || normal.startsWith("..")) return true;
  const own = fold(scripts);
  if (normal === own || (first === own && (isInterpreterName(second) || ACTIVATION.test(second)))) return true;
  const packages = fold(site);
  if (normal.startsWith(`${packages}/`)) return false;
  // What is above and beside site-packages would be the standard library, were the root an installation.
  const library = path.posix.dirname(packages);
  return packages === normal || packages.startsWith(`${normal}/`) || normal.startsWith(`${library}/`);
}

/** Most names are plain, and need no Unicode. */
const fold = (text: string): string =>
  /^[\x20-\x7e]*$/.test(text) ? text.toLowerCase() : text.normalize("NFKC").toLowerCase();

/** Folders that stay, also when the last package leaves them. */
export function lastingFolders({ site, scripts }: Layout): ReadonlySet<string> {
  const parts = site.split("/");
  return new Set(["", scripts, "include", ...parts.map((_, index) => parts.slice(0, index + 1).join("/"))]);
}

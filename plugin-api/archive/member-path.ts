import { quoteName } from "./fault.ts";
import { PATH_BYTES } from "./limits.ts";

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
const NOT_CANONICAL = /(?:^|\/)\.{0,2}(?:\/|$)/;
const DRIVE = /^[A-Za-z]:/;
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const NOT_ASCII = /[^\u0000-\u007f]/;
const WINDOWS_NAME = /(?:^|\/)(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.[^/]*)?(?:\/|$)|[<>:"|?*]|[. ](?:\/|$)/i;

/**
 * Why a member's path may not be unpacked, or undefined when it may. Only relative paths in canonical form pass: parts
 * between single slashes, none of them empty, `.` or `..`. Nothing is ever normalised: two readers that repair
 * differently would see two different archives.
 */
export function pathFault(path: string, isWindows = process.platform === "win32"): string | undefined {
  if (path === "") return "a member has an empty name";
  if (CONTROL.test(path)) return `the name ${quoteName(path)} holds a control character`;
  if (path.includes("\\")) return `the name ${quoteName(path)} holds a backslash`;
  if (path.startsWith("/")) return `the path ${quoteName(path)} is absolute`;
  if (DRIVE.test(path)) return `the path ${quoteName(path)} names a drive`;
  if (NOT_CANONICAL.test(path)) return `the path ${quoteName(path)} has an empty, \`.\` or \`..\` part`;
  if (isWindows && WINDOWS_NAME.test(path)) return `the name ${quoteName(path)} means something else to Windows`;
  return lengthFault(path);
}

function lengthFault(path: string): string | undefined {
  // Three bytes a UTF-16 unit is the most UTF-8 takes: nearly every path is done here.
  if (path.length * 3 <= PATH_BYTES.part) return undefined;
  if (Buffer.byteLength(path) > PATH_BYTES.whole) return `the path ${quoteName(path)} is too long`;
  const isPartTooLong = path.split("/").some((part) => Buffer.byteLength(part) > PATH_BYTES.part);
  return isPartTooLong ? `the path ${quoteName(path)} has a part that is too long` : undefined;
}

/** Sees every member of one archive and finds those that would land on the same place. */
export interface PathIndex {
  /** Adds a path that passed `pathFault`; gives the fault when it collides with one seen before. */
  add(path: string, isFolder: boolean): string | undefined;
}

/**
 * Finds duplicates, paths that are file and folder at once, Unicode twins (equal in normal form C) and, where the file
 * system folds case, case twins. Folders count too: `A/x` and `a/y` are twins on a file system that folds case.
 */
export function createPathIndex(foldsCase: boolean): PathIndex {
  const seen = new Map<string, { readonly path: string; readonly isFolder: boolean; isMember: boolean }>();
  const keyOf = (path: string): string => {
    const normal = NOT_ASCII.test(path) ? path.normalize("NFC") : path;
    return foldsCase ? normal.toUpperCase().toLowerCase() : normal;
  };
  const place = (path: string, isFolder: boolean, isMember: boolean): string | undefined => {
    const key = keyOf(path);
    const twin = seen.get(key);
    if (twin === undefined) {
      seen.set(key, { path, isFolder, isMember });
      return undefined;
    }
    if (twin.path !== path) return `${quoteName(twin.path)} and ${quoteName(path)} are the same place`;
    if (twin.isFolder !== isFolder) return `${quoteName(path)} is both a file and a folder`;
    if (isMember && twin.isMember) return `${quoteName(path)} is there twice`;
    twin.isMember ||= isMember;
    return undefined;
  };
  const folders = new Set<string>();
  const placeFolders = (path: string): string | undefined => {
    const end = path.lastIndexOf("/");
    if (end < 0) return undefined;
    const folder = path.slice(0, end);
    if (folders.has(folder)) return undefined;
    folders.add(folder);
    return placeFolders(folder) ?? place(folder, true, false);
  };
  return { add: (path, isFolder) => placeFolders(path) ?? place(path, isFolder, true) };
}

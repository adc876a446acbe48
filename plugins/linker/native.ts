// Environments of hard links have tens of thousands of them. linkat(2) by short names from two open folders takes two thirds of what
// link(2) takes by absolute paths, and names that lie in memory as the system wants them need not be converted for each call;
// Node and Bun offer neither.
import { dlopen, FFIType, type Pointer, ptr } from "bun:ffi";
import fs from "node:fs";

const { i32, u32, ptr: path } = FFIType;
const CALLS = {
  linkat: { args: [i32, path, i32, path, i32], returns: i32 },
  mkdirat: { args: [i32, path, u32], returns: i32 },
} as const;
const LIBRARIES: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: ["libc.so.6", `libc.musl-${process.arch === "arm64" ? "aarch64" : "x86_64"}.so.1`],
  darwin: ["libSystem.B.dylib"],
};
const LINE_FEED = 10;
const SLASH = 47;

/** Two folders that are there, absolute. */
export interface Linking {
  readonly source: string;
  readonly target: string;
}

const open = (library: string) => dlopen(library, CALLS).symbols;
let calls: ReturnType<typeof open> | undefined | "none";

/** Whether there are such calls here. */
export const canLinkNames = (): boolean => (calls ??= openFirst() ?? "none") !== "none";

/**
 * Makes hard links in `target` to what `source` has under these names, and folders of those that end in a slash. Each name is followed by a
 * line feed, and a folder comes before what is in it. False where one can't be made: others may have been. Throws system errors.
 */
export function linkNames(names: string, { source, target }: Linking): boolean {
  if (!canLinkNames() || calls === "none" || calls === undefined) return false;
  const folders: number[] = [];
  try {
    for (const folder of [source, target]) folders.push(fs.openSync(folder, fs.constants.O_RDONLY));
    return linkEach(Buffer.from(names), folders as [number, number], calls);
  } finally {
    for (const fd of folders) fs.closeSync(fd);
  }
}

function linkEach(
  names: Buffer,
  [source, target]: readonly [number, number],
  { linkat, mkdirat }: ReturnType<typeof open>,
): boolean {
  if (names.length === 0) return true;
  const start = ptr(names);
  for (let at = 0; at < names.length; ) {
    const end = names.indexOf(LINE_FEED, at);
    names[end] = 0;
    const name = (start + at) as Pointer;
    const failed = names[end - 1] === SLASH ? mkdirat(target, name, 0o777) : linkat(source, name, target, name, 0);
    if (failed !== 0) return false;
    at = end + 1;
  }
  return true;
}

function openFirst(): ReturnType<typeof open> | undefined {
  for (const library of LIBRARIES[process.platform] ?? [])
    try {
      return open(library);
    } catch {
      // Another C library.
    }
  return undefined;
}

// Environments have thousands of links. linkat(2) by short names from two open folders takes two thirds of what link(2) takes by
// absolute paths, and names that lie in memory as the system wants them need not be converted for each call; Node and Bun offer
// neither.
import { dlopen, FFIType, type Pointer, ptr } from "bun:ffi";
import fs from "node:fs";

const { i32, u32, ptr: path } = FFIType;
const CALLS = {
  linkat: { args: [i32, path, i32, path, i32], returns: i32 },
  mkdirat: { args: [i32, path, u32], returns: i32 },
  symlinkat: { args: [path, i32, path], returns: i32 },
} as const;
const LIBRARIES: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: ["libc.so.6", `libc.musl-${process.arch === "arm64" ? "aarch64" : "x86_64"}.so.1`],
  darwin: ["libSystem.B.dylib"],
};
const LINE_FEED = 10;

/** Two folders that are there, absolute. */
export interface Linking {
  readonly source: string;
  readonly target: string;
}

const open = (library: string) => dlopen(library, CALLS).symbols;
type Calls = ReturnType<typeof open>;
let calls: Calls | undefined | "none";
const callsHere = (): Calls | undefined => {
  calls ??= openFirst() ?? "none";
  return calls === "none" ? undefined : calls;
};

/** Whether links and folders are made by the system's own calls, which make a link of a symbolic link, too. */
export const hasSystemCalls = (): boolean => callsHere() !== undefined;

/** All of these take names that are followed by a line feed each, and are false where one can't be made: others may have been. */

/** Makes folders in one that is there, those above before what is in them. */
export function makeFolders(names: string, target: string): boolean {
  const here = callsHere();
  return all(names, [target], {
    native: here && (([folder], name) => here.mkdirat(folder!, name(), 0o777)),
    plain: (name) => fs.mkdirSync(`${target}/${name()}`),
  });
}

/** Makes hard links in `target` to what `source` has under these names. */
export function linkNames(names: string, { source, target }: Linking): boolean {
  const here = callsHere();
  return all(names, [source, target], {
    native:
      here &&
      (([from, to], next) => {
        const name = next();
        return here.linkat(from!, name, to!, name, 0);
      }),
    plain(next) {
      const name = next();
      fs.linkSync(`${source}/${name}`, `${target}/${name}`);
    },
  });
}

/** Makes hard links: of two names each the first is one in `source`, the second the one to make in `target`. */
export function linkPairs(names: string, { source, target }: Linking): boolean {
  const here = callsHere();
  return all(names, [source, target], {
    native: here && (([from, to], name) => here.linkat(from!, name(), to!, name(), 0)),
    plain: (name) => fs.linkSync(`${source}/${name()}`, `${target}/${name()}`),
  });
}

/** Makes symbolic links: of two names each the first is what the link says, the second the one to make in `target`. */
export function makeLinks(names: string, target: string): boolean {
  const here = callsHere();
  return all(names, [target], {
    native: here && (([folder], name) => here.symlinkat(name(), folder!, name())),
    plain: (name) => fs.symlinkSync(name(), `${target}/${name()}`),
  });
}

interface Ways {
  /** Absent where the system's calls can't be had; gives 0 where it has worked. `name` gives the next one, with a zero at its end. */
  readonly native: ((folders: readonly number[], name: () => Pointer) => number) | undefined;
  /** Throws where it hasn't. */
  readonly plain: (name: () => string) => void;
}

function all(names: string, folders: readonly string[], { native, plain }: Ways): boolean {
  if (names === "") return true;
  const fds: number[] = [];
  try {
    if (native === undefined) return eachPlain(names, plain);
    for (const folder of folders) fds.push(fs.openSync(folder, fs.constants.O_RDONLY));
    return eachNative(Buffer.from(names), (name) => native(fds, name) === 0);
  } catch {
    return false;
  } finally {
    for (const fd of fds) fs.closeSync(fd);
  }
}

function eachNative(names: Buffer, make: (name: () => Pointer) => boolean): boolean {
  const start = ptr(names);
  let at = 0;
  const next = (): Pointer => {
    const name = (start + at) as Pointer;
    const end = names.indexOf(LINE_FEED, at);
    names[end] = 0;
    at = end + 1;
    return name;
  };
  while (at < names.length) if (!make(next)) return false;
  return true;
}

function eachPlain(names: string, make: (name: () => string) => void): boolean {
  const lines = names.split("\n");
  let at = 0;
  while (at < lines.length - 1) make(() => lines[at++]!);
  return true;
}

function openFirst(): Calls | undefined {
  for (const library of LIBRARIES[process.platform] ?? [])
    try {
      return open(library);
    } catch {
      // Another C library.
    }
  return undefined;
}

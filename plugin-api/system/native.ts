// Two calls of the operating system that Node does not offer, reached through bun:ffi: both close a gap that no sequence
// of the calls it offers can close. Where they are missing the callers take the sequence.
import { dlopen, FFIType, ptr } from "bun:ffi";
import fs from "node:fs";

type Exchange = (a: NodeJS.TypedArray, b: NodeJS.TypedArray) => number;
interface Calls {
  readonly exchange?: Exchange;
  readonly syncfs?: (fd: number) => number;
}

const AT_FDCWD = -100;
const RENAME_EXCHANGE = 2;
const RENAME_SWAP = 2;

let calls: Calls | undefined;

function open(): Calls {
  if (process.platform === "linux") return { ...openExchangeOnLinux(), ...openSync() };
  if (process.platform !== "darwin") return {};
  const path = FFIType.ptr;
  const lib = attempt(() =>
    dlopen("libSystem.B.dylib", { renamex_np: { args: [path, path, FFIType.u32], returns: FFIType.i32 } }),
  );
  return lib ? { exchange: (a, b) => lib.symbols.renamex_np(ptr(a), ptr(b), RENAME_SWAP) } : {};
}

const C_LIBRARIES = ["libc.so.6", `libc.musl-${process.arch === "arm64" ? "aarch64" : "x86_64"}.so.1`];

function openExchangeOnLinux(): Pick<Calls, "exchange"> {
  const { i32, u32, ptr: path } = FFIType;
  for (const name of C_LIBRARIES) {
    const lib = attempt(() => dlopen(name, { renameat2: { args: [i32, path, i32, path, u32], returns: i32 } }));
    if (lib)
      return {
        exchange: (a, b) => lib.symbols.renameat2(AT_FDCWD, ptr(a), AT_FDCWD, ptr(b), RENAME_EXCHANGE),
      };
  }
  return {};
}

function openSync(): Pick<Calls, "syncfs"> {
  for (const name of C_LIBRARIES) {
    const lib = attempt(() => dlopen(name, { syncfs: { args: [FFIType.i32], returns: FFIType.i32 } }));
    if (lib) return { syncfs: (fd) => lib.symbols.syncfs(fd) };
  }
  return {};
}

/** A library or a function in it may be missing; `dlopen` then throws. */
function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

/** Makes two existing paths of one file system change places at once. False when the system can't. */
export function exchange(a: string, b: string): boolean {
  calls ??= open();
  return calls.exchange?.(Buffer.from(`${a}\0`), Buffer.from(`${b}\0`)) === 0;
}

/** Makes everything written so far to the file system of `folder` durable. False when the system can't do that at once. */
export function syncFileSystem(folder: string): boolean {
  calls ??= open();
  if (!calls.syncfs) return false;
  const fd = fs.openSync(folder, "r");
  try {
    return calls.syncfs(fd) === 0;
  } finally {
    fs.closeSync(fd);
  }
}

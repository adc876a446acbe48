// Two calls of the operating system that Node does not offer, reached through bun:ffi: both close a gap that no sequence
// of the calls it offers can close. Where they are missing the callers take the sequence.
import { dlopen, FFIType, ptr } from "bun:ffi";
import fs from "node:fs";

type Exchange = (a: NodeJS.TypedArray, b: NodeJS.TypedArray) => number;
type SyncFs = (fd: number) => number;

const AT_FDCWD = -100;
const RENAME_EXCHANGE = 2;
const RENAME_SWAP = 2;
const C_LIBRARIES = ["libc.so.6", `libc.musl-${process.arch === "arm64" ? "aarch64" : "x86_64"}.so.1`];
const { i32, u32, ptr: path } = FFIType;

// Opened when first used: each costs about a millisecond. `null`: the system does not have it.
let exchangeCall: Exchange | null | undefined;
let syncFsCall: SyncFs | null | undefined;

function openExchange(): Exchange | null {
  if (process.platform === "darwin") {
    const swap = { renamex_np: { args: [path, path, u32], returns: i32 } } as const;
    const lib = attempt(() => dlopen("libSystem.B.dylib", swap));
    return lib ? (a, b) => lib.symbols.renamex_np(ptr(a), ptr(b), RENAME_SWAP) : null;
  }
  for (const name of process.platform === "linux" ? C_LIBRARIES : []) {
    const lib = attempt(() => dlopen(name, { renameat2: { args: [i32, path, i32, path, u32], returns: i32 } }));
    if (lib) return (a, b) => lib.symbols.renameat2(AT_FDCWD, ptr(a), AT_FDCWD, ptr(b), RENAME_EXCHANGE);
  }
  return null;
}

function openSyncFs(): SyncFs | null {
  for (const name of process.platform === "linux" ? C_LIBRARIES : []) {
    const lib = attempt(() => dlopen(name, { syncfs: { args: [i32], returns: i32 } }));
    if (lib) return (fd) => lib.symbols.syncfs(fd);
  }
  return null;
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
  if (exchangeCall === undefined) exchangeCall = openExchange();
  return exchangeCall?.(Buffer.from(`${a}\0`), Buffer.from(`${b}\0`)) === 0;
}

/** Makes everything written so far to the file system of `folder` durable. False when the system can't do that at once. */
export function syncFileSystem(folder: string): boolean {
  if (syncFsCall === undefined) syncFsCall = openSyncFs();
  if (!syncFsCall) return false;
  const fd = fs.openSync(folder, "r");
  try {
    return syncFsCall(fd) === 0;
  } finally {
    fs.closeSync(fd);
  }
}

// Bun's spawnSync leaves SIGCHLD blocked, which the program that this process is about to become would inherit; only the system's
// own call, by bun:ffi, can tell the mask of signals and put it back.
import { dlopen, ptr } from "bun:ffi";

const SIG_SETMASK = 2;
/** sizeof(sigset_t). */
const MASK_BYTES = 128;

/** Calls it, and leaves the signals blocked that were blocked before, and no others; on Linux with glibc. */
export function keepingSignalMask<T>(call: () => T): T {
  const library = openLibrary();
  if (library === undefined) return call();
  const { symbols, close } = library;
  const before = new Uint8Array(MASK_BYTES);
  symbols.pthread_sigmask(SIG_SETMASK, null, ptr(before));
  try {
    return call();
  } finally {
    symbols.pthread_sigmask(SIG_SETMASK, ptr(before), null);
    close();
  }
}

function openLibrary() {
  try {
    return process.platform === "linux"
      ? dlopen("libc.so.6", { pthread_sigmask: { args: ["int", "ptr", "ptr"], returns: "int" } })
      : undefined;
  } catch {
    return undefined;
  }
}

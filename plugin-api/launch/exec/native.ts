// Bun's own process.execve closes what the caller handed over beside the three streams, forgets which signals are blocked and
// takes words and variables as text. And Bun's start has changed things by then: it opens streams that were closed, ignores
// SIGPIPE, takes SIGINT at a terminal, and raises the limit of open files. So the system's own execve is called, after all
// that has been put back. It costs a third of a millisecond.
import type { Pointer } from "bun:ffi";
import { handedOver, rememberDescriptors, rememberedDescriptors } from "./descriptors.ts";
import { isText, rawVariables, rawWords, untold } from "./raw-words.ts";

type Variables = Readonly<Record<string, string | undefined>>;
type Libc = NonNullable<Awaited<ReturnType<typeof open>>>;

const LIBRARIES = ["libc.so.6", `libc.musl-${process.arch === "arm64" ? "aarch64" : "x86_64"}.so.1`];

// Numbers of Linux, the same for x86-64 and ARM64.
const F_GETFD = 1;
const F_SETFD = 2;
const RLIMIT_NOFILE = 7;
const SIGINT = 2;
const SIGPIPE = 13;
const SIGTERM = 15;
const SIGCHLD = 17;
const SIGTSTP = 20;
const SIGXFSZ = 25;
const SIG_DFL = 0;
const SIG_IGN = 1;

/**
 * Becomes another program in the state that this one was started in. Returns where the C library is not to be had; throws an error
 * with a code, as Node's are, where the system refuses. Linux only.
 */
export async function becomeAsStarted(
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  known: Variables,
): Promise<void> {
  const libc = await open();
  if (!libc) return;
  const words = block(
    libc,
    rawWords(() => readFile(libc, "/proc/self/cmdline"), argv),
  );
  const variables = block(libc, rawVariables(readFile(libc, "/proc/self/environ"), known, env));
  keepDescriptors(libc);
  restoreSignals(libc);
  restoreFileLimit(libc);
  forgetChildren(libc);
  libc.execve(words.bytes, words.pointers, variables.pointers);
  const errno = libc.errno();
  const { constants } = await import("node:os");
  const code = Object.entries(constants.errno).find(([, number]) => number === errno)?.[0];
  throw Object.assign(new Error(`${code}: ${argv[0]}`), { code });
}

/** Gives this process, and the children it starts, the limit of open files it was started with; on Linux. */
export async function limitFilesAsStarted(): Promise<void> {
  const libc = process.platform === "linux" ? await open() : undefined;
  if (libc) restoreFileLimit(libc);
}

const STREAMS = ["standard input", "standard output", "standard error"] as const;

/** What this process was started with that another would have to be handed. */
export interface Handed {
  /** Open descriptors beside the three streams. */
  readonly descriptors: readonly number[];
  /** What can't be handed on, as part of a sentence. */
  readonly reason?: string;
}

/**
 * What this process was handed by who started it. Puts back the signals and limits it was started with, so that others can see
 * them. `opened`: descriptors that are its own. Linux only.
 */
export async function handedToItself(known: Variables, opened: readonly number[]): Promise<Handed> {
  const libc = await open();
  if (!libc) return { descriptors: [] };
  restoreSignals(libc);
  restoreFileLimit(libc);
  const all = rememberedDescriptors() ?? handedOver(openNow(libc));
  const descriptors = all.filter((descriptor) => !opened.includes(descriptor));
  const closed = [0, 1, 2].find((stream) => libc.fcntl(stream, F_GETFD, 0) > 0);
  if (closed !== undefined) return { descriptors, reason: `${STREAMS[closed]} is closed` };
  if (!isText(readFile(libc, "/proc/self/cmdline"))) return { descriptors, reason: "a word is no text" };
  const name = untold(readFile(libc, "/proc/self/environ"), known);
  return { descriptors, ...(name !== undefined && { reason: `${name} is no text` }) };
}

/** Keeps what this process was handed, before it starts a child and goes on as another program. Linux only. */
export async function rememberHanded(): Promise<void> {
  const libc = await open();
  if (libc && rememberedDescriptors() === undefined) rememberDescriptors(handedOver(openNow(libc)));
}

/** Undefined where the C library is not to be had under its usual names. */
async function open() {
  const { CString, dlopen, ptr, read: peek } = await import("bun:ffi");
  for (const name of LIBRARIES) {
    try {
      const { symbols } = dlopen(name, {
        open: { args: ["ptr", "i32"], returns: "i32" },
        read: { args: ["i32", "ptr", "u64"], returns: "i64" },
        close: { args: ["i32"], returns: "i32" },
        opendir: { args: ["ptr"], returns: "ptr" },
        readdir: { args: ["ptr"], returns: "ptr" },
        closedir: { args: ["ptr"], returns: "i32" },
        readlink: { args: ["ptr", "ptr", "u64"], returns: "i64" },
        fcntl: { args: ["i32", "i32", "i32"], returns: "i32" },
        isatty: { args: ["i32"], returns: "i32" },
        sigtimedwait: { args: ["ptr", "ptr", "ptr"], returns: "i32" },
        sigaction: { args: ["i32", "ptr", "ptr"], returns: "i32" },
        signal: { args: ["i32", "u64"], returns: "u64" },
        prlimit: { args: ["i32", "i32", "ptr", "ptr"], returns: "i32" },
        execve: { args: ["ptr", "ptr", "ptr"], returns: "i32" },
        __errno_location: { args: [], returns: "ptr" },
      });
      const { __errno_location: errnoPlace } = symbols;
      return { ...symbols, CString, ptr, errno: () => peek.i32(errnoPlace() as Pointer) };
    } catch {
      // The other one, then.
    }
  }
  return undefined;
}

const pathOf = (file: string): Uint8Array => Buffer.from(`${file}\0`);

/** In Latin-1; empty when it can't be read. Files of /proc say nothing of their size. */
function readFile(libc: Libc, file: string): string {
  const descriptor = libc.open(pathOf(file), 0);
  if (descriptor < 0) return "";
  let text = "";
  const piece = Buffer.alloc(1 << 16);
  for (let length = -1; length !== 0; ) {
    length = Math.max(0, Number(libc.read(descriptor, piece, piece.length)));
    text += piece.toString("latin1", 0, length);
  }
  libc.close(descriptor);
  return text;
}

/** Words as the system takes them: one after the other, each with a zero byte behind it, and where each begins. */
function block(libc: Libc, words: readonly string[]) {
  const bytes = Buffer.from(`${words.join("\0")}\0`, "latin1");
  const pointers = new BigUint64Array(words.length + 1);
  let at = libc.ptr(bytes) as number;
  for (const [index, word] of words.entries()) {
    pointers[index] = BigInt(at);
    at += word.length + 1;
  }
  return { bytes, pointers };
}

/** What was handed over stays open, and a stream that was closed is closed again: Bun's stand-in is marked already. */
function keepDescriptors(libc: Libc): void {
  for (const descriptor of rememberedDescriptors() ?? handedOver(openNow(libc)))
    if (libc.fcntl(descriptor, F_GETFD, 0) > 0) libc.fcntl(descriptor, F_SETFD, 0);
}

/** Of `struct dirent` on 64 bits. */
const NAME_AT = 19;

function openNow(libc: Libc): readonly (readonly [number, string])[] {
  const folder = libc.opendir(pathOf("/proc/self/fd"));
  if (!folder) return [];
  const names: string[] = [];
  for (let entry = libc.readdir(folder); entry; entry = libc.readdir(folder))
    names.push(new libc.CString(entry, NAME_AT));
  libc.closedir(folder);
  const target = Buffer.alloc(64);
  return names.flatMap((name) => {
    const length = Number(libc.readlink(pathOf(`/proc/self/fd/${name}`), target, target.length));
    return length < 0 || Number.isNaN(Number(name))
      ? []
      : [[Number(name), target.toString("latin1", 0, length)] as const];
  });
}

/**
 * Bun ignores two signals, which a program finds with their default. It also takes two at a terminal, ignored or not: they
 * are ignored again if our parent ignores them, and does not so as a shell does for itself alone.
 */
function restoreSignals(libc: Libc): void {
  for (const signal of [SIGPIPE, SIGXFSZ]) libc.signal(signal, SIG_DFL);
  if (![0, 1, 2].some((stream) => libc.isatty(stream) === 1)) return;
  const taken = [SIGINT, SIGTERM].filter((signal) => {
    const action = new BigUint64Array(32);
    libc.sigaction(signal, null, action);
    return (action[0] ?? 0n) > BigInt(SIG_IGN);
  });
  if (taken.length === 0) return;
  const [ours, theirs] = ["self", process.ppid].map((id) => ignoredIn(readFile(libc, `/proc/${id}/status`))) as [
    Set<number>,
    Set<number>,
  ];
  const isShellsOwn = theirs.has(SIGTSTP) && !ours.has(SIGTSTP);
  for (const signal of taken)
    if (theirs.has(signal) && !(signal === SIGTERM && isShellsOwn)) libc.signal(signal, SIG_IGN);
}

/** Where our caller blocks it, the signal that a child of ours has ended would wait for the program. */
function forgetChildren(libc: Libc): void {
  const children = new BigUint64Array(16);
  children[0] = 1n << BigInt(SIGCHLD - 1);
  libc.sigtimedwait(children, null, new BigUint64Array(2));
}

/** Numbers of the signals that a process ignores. */
function ignoredIn(status: string): Set<number> {
  const mask = BigInt(`0x${/^SigIgn:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? "0"}`);
  return new Set(Array.from({ length: 64 }, (_, at) => at + 1).filter((signal) => (mask >> BigInt(signal - 1)) & 1n));
}

/** Bun asks for this descriptor at its start, which makes room for as many if the limit allows it. */
const TRIED_DESCRIPTOR = 1023;

/**
 * Bun raises the soft limit of open files to the hard one, and what it was is lost. Our parent's is taken where it has the
 * same hard limit, and the size of our table of descriptors does not show that ours was another.
 */
function restoreFileLimit(libc: Libc): void {
  const [ours, theirs] = [new BigUint64Array(2), new BigUint64Array(2)];
  if (libc.prlimit(0, RLIMIT_NOFILE, null, ours) !== 0) return;
  if (libc.prlimit(process.ppid, RLIMIT_NOFILE, null, theirs) !== 0) return;
  const [soft = 0n, hard = 0n] = ours;
  const [wanted = 0n, theirHard = 0n] = theirs;
  if (wanted >= soft || theirHard !== hard) return;
  const size = Number(/^FDSize:\s*(\d+)$/m.exec(readFile(libc, "/proc/self/status"))?.[1] ?? 0);
  if (size > TRIED_DESCRIPTOR !== wanted > TRIED_DESCRIPTOR) return;
  libc.prlimit(0, RLIMIT_NOFILE, new BigUint64Array([wanted, hard]), null);
}

// Descriptors travel over a socket only by sendmsg(2), and neither Bun nor Node offers it; the rest are the calls by which this
// process stays out of the way of the program that runs in its place. Loading bun:ffi takes 0.4 ms, so only who connects does.
import type { dlopen as Dlopen, FFIFunction, ptr as PtrOf } from "bun:ffi";

const CALLS = {
  socket: { args: ["int", "int", "int"], returns: "int" },
  connect: { args: ["int", "ptr", "u32"], returns: "int" },
  sendmsg: { args: ["int", "ptr", "int"], returns: "i64" },
  send: { args: ["int", "ptr", "u64", "int"], returns: "i64" },
  recv: { args: ["int", "ptr", "u64", "int"], returns: "i64" },
  poll: { args: ["ptr", "u64", "int"], returns: "int" },
  open: { args: ["ptr", "int"], returns: "int" },
  dup2: { args: ["int", "int"], returns: "int" },
  close: { args: ["int"], returns: "int" },
  getsid: { args: ["int"], returns: "int" },
  setpgid: { args: ["int", "int"], returns: "int" },
  signal: { args: ["int", "ptr"], returns: "ptr" },
  sigaction: { args: ["int", "ptr", "ptr"], returns: "int" },
  raise: { args: ["int"], returns: "int" },
  setrlimit: { args: ["int", "ptr"], returns: "int" },
  syscall: { args: ["i64", "i64"], returns: "i64" },
} as const satisfies Record<string, FFIFunction>;

type Calls = ReturnType<typeof Dlopen<typeof CALLS>>["symbols"];
type Ptr = typeof PtrOf;

const text = (value: string): Buffer => Buffer.from(`${value}\0`);

/** Number of exit_group(2). */
const EXIT_GROUP = process.arch === "arm64" ? 94 : 231;
const AF_UNIX = 1;
const SOCK_STREAM_CLOSED_ON_EXEC = 1 | 0o2000000;
const SOL_SOCKET = 1;
const SCM_RIGHTS = 1;
const POLLIN = 1;
const O_NOCTTY_CLOSED_ON_EXEC = 0o400 | 0o2000000;
const O_READ_WRITE_CLOSED_ON_EXEC = 2 | 0o2000000;
const O_PATH_CLOSED_ON_EXEC = 0o10000000 | 0o2000000;
const MSG_NOSIGNAL = 0x4000;
/** sizeof(sun_path) - 1. */
const LONGEST_SOCKET_PATH = 107;
const RLIMIT_CORE = 4;
const SIG_IGN = 1n;
/** sizeof(struct sigaction), which begins with the handler, and some room. */
const SIGACTION_WORDS = 20;

export interface System {
  /** Id of the session this process belongs to. */
  readonly session: number;
  /** It has a controlling terminal. */
  readonly hasTerminal: boolean;
  /** A connected socket, or undefined where nobody listens. */
  connect(path: string): Connection | undefined;
  /** Whether this process takes no notice of a signal, as its caller wanted it. */
  isIgnored(signal: number): boolean;
  setProcessGroup(group: number): void;
  /** Lets go of the standard streams; nothing can be printed from then on. */
  closeStreams(): void;
  /** Ends this process by a signal, without a core file of its own. */
  die(signal: number): void;
  /** Stops this process as a signal of the terminal would; returns when it goes on. */
  stop(signal: number): void;
  exit(code: number): never;
}
export interface Connection {
  readonly fd: number;
  /** Sends bytes, and descriptors with them; false when they can't be sent. */
  send(bytes: Uint8Array, descriptors: readonly number[]): boolean;
  /** What has come within the time, at most 4 KiB; empty at the end, undefined when nothing came. */
  receive(timeoutMs: number): Uint8Array | undefined;
  close(): void;
}

/** The system's calls; undefined where there is no glibc. Linux only. */
export async function openSystem(): Promise<System | undefined> {
  const { dlopen, ptr } = await import("bun:ffi");
  let calls: Calls;
  try {
    calls = dlopen("libc.so.6", CALLS).symbols;
  } catch {
    return undefined;
  }
  const c = calls;
  const terminal = c.open(ptr(text("/dev/tty")), O_NOCTTY_CLOSED_ON_EXEC);
  if (terminal >= 0) c.close(terminal);

  return {
    session: c.getsid(0),
    hasTerminal: terminal >= 0,
    connect: (path) => connectTo(path, c, ptr),
    isIgnored(signal) {
      const action = new BigUint64Array(SIGACTION_WORDS);
      return c.sigaction(signal, null, ptr(action)) === 0 && action[0] === SIG_IGN;
    },
    setProcessGroup: (group) => void c.setpgid(0, group),
    closeStreams() {
      const nowhere = c.open(ptr(text("/dev/null")), O_READ_WRITE_CLOSED_ON_EXEC);
      for (const stream of [0, 1, 2]) c.dup2(nowhere, stream);
    },
    die(signal) {
      c.setrlimit(RLIMIT_CORE, ptr(new BigUint64Array(2)));
      c.signal(signal, null);
      c.raise(signal);
    },
    stop(signal) {
      const handler = c.signal(signal, null);
      c.raise(signal);
      c.signal(signal, handler);
    },
    exit(code): never {
      // Not the library's: Bun would put the terminal back to what it was before the program.
      c.syscall(EXIT_GROUP, code);
      throw new Error("unreachable");
    },
  };
}

function connectTo(path: string, c: Calls, ptr: Ptr): Connection | undefined {
  const slash = path.lastIndexOf("/");
  const isLong = Buffer.byteLength(path) > LONGEST_SOCKET_PATH;
  const folder = isLong ? c.open(ptr(text(path.slice(0, slash))), O_PATH_CLOSED_ON_EXEC) : -1;
  const place = text(isLong ? `/proc/self/fd/${folder}${path.slice(slash)}` : path);
  const address = Buffer.alloc(2 + place.length);
  address.writeUInt16LE(AF_UNIX, 0);
  place.copy(address, 2);
  const fd = c.socket(AF_UNIX, SOCK_STREAM_CLOSED_ON_EXEC, 0);
  const failed = c.connect(fd, ptr(address), address.length);
  if (folder >= 0) c.close(folder);
  if (failed === 0) return connection(fd, c, ptr);
  c.close(fd);
  return undefined;
}

function connection(fd: number, c: Calls, ptr: Ptr): Connection {
  /** How many bytes were sent, or -1; as struct msghdr and struct cmsghdr are on 64 bits. */
  function sendWith(bytes: Uint8Array, descriptors: readonly number[]): number {
    const parts = new BigUint64Array([BigInt(ptr(bytes)), BigInt(bytes.length)]);
    const length = 16 + descriptors.length * 4;
    const control = Buffer.alloc(Math.ceil(length / 8) * 8);
    control.writeBigUInt64LE(BigInt(length), 0);
    control.writeInt32LE(SOL_SOCKET, 8);
    control.writeInt32LE(SCM_RIGHTS, 12);
    for (const [at, descriptor] of descriptors.entries()) control.writeInt32LE(descriptor, 16 + at * 4);
    const [data, extra] = [BigInt(ptr(parts)), BigInt(ptr(control))];
    const message = new BigUint64Array([0n, 0n, data, 1n, extra, BigInt(control.length), 0n]);
    return Number(c.sendmsg(fd, ptr(message), MSG_NOSIGNAL));
  }
  return {
    fd,
    send(bytes, descriptors) {
      let sent = descriptors.length > 0 ? sendWith(bytes, descriptors) : 0;
      while (sent >= 0 && sent < bytes.length) {
        const rest = bytes.subarray(sent);
        const more = Number(c.send(fd, ptr(rest), rest.length, MSG_NOSIGNAL));
        sent = more <= 0 ? -1 : sent + more;
      }
      return sent >= 0;
    },
    receive(timeoutMs) {
      const watched = Buffer.alloc(8);
      watched.writeInt32LE(fd, 0);
      watched.writeInt16LE(POLLIN, 4);
      if (c.poll(ptr(watched), 1, timeoutMs) <= 0) return undefined;
      const bytes = new Uint8Array(4096);
      return bytes.subarray(0, Math.max(0, Number(c.recv(fd, ptr(bytes), bytes.length, 0))));
    },
    close: () => void c.close(fd),
  };
}

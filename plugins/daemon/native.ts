// Garbage is collected at a moment that only the daemon knows; the rest are calls of the system: a process that is handed descriptors has to call recvmsg(2) itself, and neither Bun nor Node offers it.
import { dlopen, type FFIFunction, type Pointer, ptr } from "bun:ffi";

const CALLS = {
  socket: { args: ["int", "int", "int"], returns: "int" },
  bind: { args: ["int", "ptr", "u32"], returns: "int" },
  listen: { args: ["int", "int"], returns: "int" },
  accept4: { args: ["int", "ptr", "ptr", "int"], returns: "int" },
  getsockopt: { args: ["int", "int", "int", "ptr", "ptr"], returns: "int" },
  recvmsg: { args: ["int", "ptr", "int"], returns: "i64" },
  recv: { args: ["int", "ptr", "u64", "int"], returns: "i64" },
  send: { args: ["int", "ptr", "u64", "int"], returns: "i64" },
  shutdown: { args: ["int", "int"], returns: "int" },
  poll: { args: ["ptr", "u64", "int"], returns: "int" },
  open: { args: ["ptr", "int"], returns: "int" },
  dup2: { args: ["int", "int"], returns: "int" },
  close: { args: ["int"], returns: "int" },
} as const satisfies Record<string, FFIFunction>;

const AF_UNIX = 1;
const SOCK_STREAM = 1;
const CLOSED_ON_EXEC = 0o2000000;
const SOL_SOCKET = 1;
const SCM_RIGHTS = 1;
const SO_PEERCRED = 17;
const POLLIN = 1;
const MSG_CMSG_CLOEXEC = 0x40000000;
const MSG_NOSIGNAL = 0x4000;
const SHUT_RD_AND_WR = 2;
const O_READ_WRITE = 2;
const WAITING = 16;
/** Room for descriptors with a message: a header and three of them. */
const CONTROL_BYTES = 32;

/** Somebody who asks. */
export interface Caller {
  readonly fd: number;
  /** Its process, 0 where it counts processes in another way; and the user it belongs to. */
  readonly pid: number;
  readonly uid: number;
  /** The next bytes that come within the time and the descriptors with them; undefined when nothing came, or its end did. */
  receive(timeoutMs: number): { readonly bytes: Uint8Array; readonly descriptors: readonly number[] } | undefined;
  send(bytes: Uint8Array): boolean;
  /** Ends what still reads from it. */
  shutDown(): void;
  close(): void;
}

/** A socket that daemons are asked at. */
export interface Listener {
  /** Waits, without anything else going on in this thread meanwhile. */
  next(timeoutMs: number): Caller | undefined;
}

const open = () => dlopen("libc.so.6", CALLS).symbols;
type Calls = ReturnType<typeof open>;

let opened: Calls | undefined;
const calls = (): Calls => (opened ??= open());

/** Listens at a new socket; the path must be free, and have 107 bytes at most. Undefined where that is not possible. Linux with glibc only. */
export function listenAt(path: string): Listener | undefined {
  const c = calls();
  const place = Buffer.from(`${path}\0`);
  const address = Buffer.alloc(2 + place.length);
  address.writeUInt16LE(AF_UNIX, 0);
  place.copy(address, 2);
  const fd = c.socket(AF_UNIX, SOCK_STREAM | CLOSED_ON_EXEC, 0);
  if (fd < 0 || c.bind(fd, ptr(address), address.length) !== 0 || c.listen(fd, WAITING) !== 0) return undefined;
  return {
    next(timeoutMs) {
      if (!isReadable(c, fd, timeoutMs)) return undefined;
      const accepted = c.accept4(fd, null, null, CLOSED_ON_EXEC);
      return accepted < 0 ? undefined : callerAt(c, accepted);
    },
  };
}

/** Ends early where a signal comes, also one of the runtime's own. */
function isReadable(c: Calls, fd: number, timeoutMs: number): boolean {
  const watched = Buffer.alloc(8);
  watched.writeInt32LE(fd, 0);
  watched.writeInt16LE(POLLIN, 4);
  return c.poll(ptr(watched), 1, timeoutMs) > 0;
}

function becomesReadable(c: Calls, fd: number, timeoutMs: number): boolean {
  const endsAtMs = performance.now() + timeoutMs;
  for (let leftMs = timeoutMs; leftMs > 0; leftMs = Math.ceil(endsAtMs - performance.now()))
    if (isReadable(c, fd, leftMs)) return true;
  return false;
}

function callerAt(c: Calls, fd: number): Caller {
  const who = new Int32Array(3);
  const size = Uint32Array.of(who.byteLength);
  c.getsockopt(fd, SOL_SOCKET, SO_PEERCRED, ptr(who), ptr(size));
  const [pid = 0, uid = -1] = who;
  return {
    fd,
    pid,
    uid,
    receive: (timeoutMs) => (becomesReadable(c, fd, timeoutMs) ? receive(c, fd) : undefined),
    send: (bytes) => Number(c.send(fd, ptr(bytes), bytes.length, MSG_NOSIGNAL)) === bytes.length,
    shutDown: () => void c.shutdown(fd, SHUT_RD_AND_WR),
    close: () => void c.close(fd),
  };
}

/** What one message is received into, made once: to clear that much room takes half a millisecond. */
interface Room {
  readonly bytes: Uint8Array;
  readonly control: Buffer;
  /** As struct msghdr is on 64 bits, with one struct iovec. */
  readonly message: BigUint64Array;
  readonly part: BigUint64Array;
}
const ROOM_BYTES = 256 * 1024;
/** Where `msg_controllen` and `msg_flags` stand. */
const [CONTROL_LENGTH, FLAGS] = [5, 6];
let room: Room | undefined;

function makeRoom(): Room {
  const [bytes, control] = [new Uint8Array(ROOM_BYTES), Buffer.alloc(CONTROL_BYTES)];
  const part = new BigUint64Array([BigInt(address(bytes)), BigInt(bytes.length)]);
  const message = new BigUint64Array([0n, 0n, BigInt(address(part)), 1n, BigInt(address(control)), 0n, 0n]);
  return { bytes, control, message, part };
}

/** Descriptors come as struct cmsghdr has them on 64 bits. */
function receive(c: Calls, fd: number): ReturnType<Caller["receive"]> {
  const { bytes, control, message } = (room ??= makeRoom());
  message[CONTROL_LENGTH] = BigInt(control.length);
  message[FLAGS] = 0n;
  const length = Number(c.recvmsg(fd, ptr(message), MSG_CMSG_CLOEXEC));
  if (length <= 0) return undefined;
  const isRights =
    (message[CONTROL_LENGTH] ?? 0n) > 16n &&
    control.readInt32LE(8) === SOL_SOCKET &&
    control.readInt32LE(12) === SCM_RIGHTS;
  const count = isRights ? (Number(control.readBigUInt64LE(0)) - 16) / 4 : 0;
  const descriptors = Array.from({ length: count }, (_, at) => control.readInt32LE(16 + at * 4));
  return { bytes: bytes.slice(0, length), descriptors };
}

const address = (bytes: NodeJS.TypedArray): Pointer => ptr(bytes);

/** Makes three descriptors this process's standard streams, and closes them where they were. */
export function takeStreams(descriptors: readonly number[]): void {
  const c = calls();
  for (const [stream, descriptor] of descriptors.entries()) c.dup2(descriptor, stream);
  for (const descriptor of descriptors) c.close(descriptor);
}

let nowhere = -1;

/** Lets go of the standard streams. */
export function dropStreams(): void {
  const c = calls();
  if (nowhere < 0) nowhere = c.open(ptr(Buffer.from("/dev/null\0")), O_READ_WRITE | CLOSED_ON_EXEC);
  for (const stream of [0, 1, 2]) c.dup2(nowhere, stream);
}

/** Closes what was handed over and is not wanted. */
export function closeAll(descriptors: readonly number[]): void {
  const c = calls();
  for (const descriptor of descriptors) c.close(descriptor);
}

/** Gives back memory, which takes some milliseconds. */
export const collectGarbage = (): void => Bun.gc(true);

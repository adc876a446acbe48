// Names and inode numbers of all that is in a folder, by one call of the system for each folder: Node and Bun give the numbers by a
// call for each name only.
import { dlopen, FFIType, type Pointer, ptr } from "bun:ffi";

const { i32, i64_fast: count, u32, u64, ptr: path } = FFIType;
const CALLS = {
  openat: { args: [i32, path, i32], returns: i32 },
  getdents64: { args: [i32, path, u64], returns: count },
  statx: { args: [i32, path, i32, u32, path], returns: i32 },
  close: { args: [i32], returns: i32 },
} as const;

/** What is in a folder; of whatever is no folder the number of its inode, by which two names for one file are told from two files. */
export interface Listing {
  readonly files: ReadonlyMap<string, number>;
  readonly folders: ReadonlyMap<string, Listing>;
  readonly state: FolderState;
}

/** The folder itself: its number, and when something in it came or went, or it changed otherwise. */
interface FolderState {
  readonly inode: number;
  readonly seconds: number;
  readonly nanoseconds: number;
  /** The next change gives it another time. */
  readonly isSettled: boolean;
}

/** What folders have that this process has made. */
export interface Asked {
  /** Not of the one above all: that gets the mode of the folder that it replaces. */
  readonly mode: number;
  readonly uid: number;
}

const open = () => dlopen("libc.so.6", CALLS).symbols;
type Calls = ReturnType<typeof open>;
let calls: Calls | undefined | "none";

function callsHere(): Calls | undefined {
  // The flags of open(2) are others elsewhere.
  calls ??= process.platform === "linux" && process.arch === "x64" ? openIfThere() : "none";
  return calls === "none" ? undefined : calls;
}

function openIfThere(): Calls | "none" {
  try {
    return open();
  } catch {
    return "none"; // another C library, or one from before there was getdents64(3)
  }
}

const AT_FDCWD = -100;
const FOLDER_ITSELF = 0o200000 | 0o400000 | 0o2000000; // O_DIRECTORY, O_NOFOLLOW, O_CLOEXEC
const AT_SYMLINK_NOFOLLOW = 0x100;
const STATX_BASIC_STATS = 0x7ff;
const DT_UNKNOWN = 0;
const DT_DIR = 4;

/** Room for some hundred names. */
const bytes = new Uint8Array(32 * 1024);
const view = new DataView(bytes.buffer);
const text = Buffer.from(bytes.buffer);

const u64At = (at: number): number => view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
/** Room for one path: the system takes no longer ones. */
const room = Buffer.alloc(4096);
const roomAt = ptr(room);
const bytesAt = ptr(bytes);

/** Where a path stands until the next one; null, which is no path, for one that may be too long. */
function terminated(name: string): Pointer | null {
  if (3 * name.length >= room.length) return null;
  room[room.write(name)] = 0;
  return roomAt;
}

/** How to list. */
export interface Options {
  /** So many files and folders at most. */
  readonly most: number;
  /** What it was before: of a folder that has not changed since, names are taken from there. */
  readonly known?: Listing | undefined;
  readonly asked?: Asked;
}

/**
 * Lists a folder with all below it. Undefined where the system does not tell it, where there are more than `most` files and folders,
 * or names that are no UTF-8; and with `asked`, where a folder is not as it is asked for.
 */
export function listTree(folder: string, { most, known, asked }: Options): Listing | undefined {
  const c = callsHere();
  const fd = c?.openat(AT_FDCWD, terminated(folder), FOLDER_ITSELF) ?? -1;
  if (c === undefined || fd < 0) return undefined;
  try {
    return listIn("", known, { c, fd, left: most, asked, nowMs: Date.now() });
  } finally {
    c.close(fd);
  }
}

interface Listed {
  readonly c: Calls;
  /** Of the folder above all. */
  readonly fd: number;
  /** So many may still come. */
  left: number;
  readonly asked: Asked | undefined;
  readonly nowMs: number;
}

/** `below`: empty, or with a slash at its end. Of a folder that has not changed in any depth, `known` itself. */
function listIn(below: string, known: Listing | undefined, listed: Listed): Listing | undefined {
  const state = stateOf(below, listed);
  if (state === undefined || (listed.asked && !isAs(listed.asked, below === ""))) return undefined;
  if (known !== undefined && known.state.isSettled && isSame(known.state, state))
    return listKnown(below, known, listed);
  const names = namesIn(below, listed);
  if (names === undefined || listed.left < 0) return undefined;
  const folders = new Map<string, Listing>();
  for (const name of names.folders) {
    const inner = listIn(`${below}${name}/`, known?.folders.get(name), listed);
    if (inner === undefined) return undefined;
    folders.set(name, inner);
  }
  return { files: names.files, folders, state };
}

/** The folder has the same names as before; those in it may have others. */
function listKnown(below: string, known: Listing, listed: Listed): Listing | undefined {
  listed.left -= known.files.size + known.folders.size;
  if (listed.left < 0) return undefined;
  let changed: Map<string, Listing> | undefined;
  for (const [name, before] of known.folders) {
    const inner = listIn(`${below}${name}/`, before, listed);
    if (inner === undefined) return undefined;
    if (inner !== before) changed ??= new Map(known.folders);
    changed?.set(name, inner);
  }
  return changed ? { ...known, folders: changed } : known;
}

const isSame = (a: FolderState, b: FolderState): boolean =>
  a.inode === b.inode && a.nanoseconds === b.nanoseconds && a.seconds === b.seconds;

/** So long after a change the next one has another time, also where the clock for files ticks slowly, or in seconds. */
const TICK_MS = 100;
const SLOW_TICK_MS = 3000;

/** Leaves all that is known of the folder in `bytes`, as struct statx has it. */
function stateOf(below: string, { c, fd, nowMs }: Listed): FolderState | undefined {
  if (c.statx(fd, terminated(`${below}.`), AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, bytesAt) !== 0) return undefined;
  const [inode, seconds, nanoseconds] = [u64At(32), u64At(96), view.getUint32(104, true)];
  const isSettled = nowMs - seconds * 1000 - nanoseconds / 1e6 > (nanoseconds === 0 ? SLOW_TICK_MS : TICK_MS);
  return { inode, seconds, nanoseconds, isSettled };
}

function isAs(asked: Asked, isAboveAll: boolean): boolean {
  const [uid, mode] = [view.getUint32(20, true), view.getUint16(28, true)];
  return uid === asked.uid && (isAboveAll || (mode & 0o7777) === asked.mode);
}

interface NamesIn {
  readonly files: Map<string, number>;
  readonly folders: string[];
}

function namesIn(below: string, listed: Listed): NamesIn | undefined {
  const fd = listed.c.openat(listed.fd, terminated(`${below}.`), FOLDER_ITSELF);
  if (fd < 0) return undefined;
  const found: NamesIn = { files: new Map(), folders: [] };
  let length: number;
  do length = Number(listed.c.getdents64(fd, bytesAt, bytes.length));
  while (length > 0 && take(length, found, listed));
  listed.c.close(fd);
  return length === 0 ? found : undefined;
}

/** As struct linux_dirent64 has it: the number, a position, the length of all of it, the kind, the name and a zero. */
function take(length: number, { files, folders }: NamesIn, listed: Listed): boolean {
  for (let at = 0; at < length; at += view.getUint16(at + 16, true)) {
    const name = text.toString("utf8", at + 19, bytes.indexOf(0, at + 19));
    const kind = bytes[at + 18];
    if (name === "." || name === "..") continue;
    if (kind === DT_UNKNOWN || name.includes("\uFFFD") || --listed.left < 0) return false;
    if (kind === DT_DIR) folders.push(name);
    else files.set(name, u64At(at));
  }
  return true;
}

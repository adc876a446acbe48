// Linux' inotify, reached through bun:ffi. Node's fs.watch does not say when a file has been written to its end
// (IN_CLOSE_WRITE) nor that events were lost (IN_Q_OVERFLOW), so each save would have to be followed by a guess how long to wait.
// Bun.file reads the descriptor as it does pipes: no thread waits for it.
import { dlopen, FFIType, ptr } from "bun:ffi";
import fs from "node:fs";

/** What happened in a watched folder. `name` is empty where it happened to the folder itself. */
export interface FolderEvent {
  /** As `add` gave it; -1 when events were lost. */
  readonly watch: number;
  readonly name: string;
  readonly kind: "written" | "arrived" | "created" | "gone" | "folder-arrived" | "folder-gone" | "lost" | "ended";
}

export interface Inotify {
  /** The number of the watch; `undefined` when the system's limit is reached or the folder is gone or may not be read. */
  add(folder: string): number | undefined;
  remove(watch: number): void;
  /** Ends with `close`. */
  events(): AsyncIterable<readonly FolderEvent[]>;
  close(): void;
}

const NONBLOCK_CLOEXEC = 0o2004000;
const CLOSE_WRITE = 0x8;
const MOVED_FROM = 0x40;
const MOVED_TO = 0x80;
const CREATE = 0x100;
const DELETE = 0x200;
const DELETE_SELF = 0x400;
const MOVE_SELF = 0x800;
const OVERFLOW = 0x4000;
const IGNORED = 0x8000;
const ONLYDIR = 0x1000000;
const IS_FOLDER = 0x40000000;
const WANTED = CLOSE_WRITE | MOVED_FROM | MOVED_TO | CREATE | DELETE | DELETE_SELF | MOVE_SELF | ONLYDIR;
const HEAD_BYTES = 16;

const C_LIBRARIES = ["libc.so.6", `libc.musl-${process.arch === "arm64" ? "aarch64" : "x86_64"}.so.1`];

/** Undefined where the system has none, or gives this user no more of them. */
export function openInotify(): Inotify | undefined {
  const calls = process.platform === "linux" ? openCalls() : undefined;
  const fd = calls?.inotify_init1(NONBLOCK_CLOEXEC) ?? -1;
  if (calls === undefined || fd < 0) return undefined;
  let isOpen = true;
  return {
    add(folder) {
      const watch = calls.inotify_add_watch(fd, ptr(Buffer.from(`${folder}\0`)), WANTED);
      return watch < 0 ? undefined : watch;
    },
    remove: (watch) => void calls.inotify_rm_watch(fd, watch),
    async *events() {
      for await (const chunk of Bun.file(fd).stream() as unknown as AsyncIterable<Uint8Array>) {
        if (!isOpen) return;
        yield parse(Buffer.from(chunk));
      }
    },
    close() {
      if (!isOpen) return;
      isOpen = false;
      fs.closeSync(fd);
    },
  };
}

function openCalls() {
  const { i32, u32, ptr: path } = FFIType;
  for (const library of C_LIBRARIES) {
    try {
      return dlopen(library, {
        inotify_init1: { args: [i32], returns: i32 },
        inotify_add_watch: { args: [i32, path, u32], returns: i32 },
        inotify_rm_watch: { args: [i32, i32], returns: i32 },
      } as const).symbols;
    } catch {
      // The other C library's name.
    }
  }
  return undefined;
}

/** `struct inotify_event`s, one behind the other (inotify(7)). */
function parse(bytes: Buffer): readonly FolderEvent[] {
  const events: FolderEvent[] = [];
  for (let at = 0; at + HEAD_BYTES <= bytes.length; ) {
    const nameBytes = bytes.readUInt32LE(at + 12);
    const name = bytes.toString("utf8", at + HEAD_BYTES, at + HEAD_BYTES + nameBytes).replace(/\0+$/, "");
    const kind = kindOf(bytes.readUInt32LE(at + 4));
    if (kind) events.push({ watch: bytes.readInt32LE(at), name, kind });
    at += HEAD_BYTES + nameBytes;
  }
  return events;
}

function kindOf(mask: number): FolderEvent["kind"] | undefined {
  if (mask & OVERFLOW) return "lost";
  if (mask & IGNORED) return "ended";
  const isFolder = (mask & IS_FOLDER) !== 0;
  if (mask & (DELETE_SELF | MOVE_SELF)) return undefined;
  if (mask & (DELETE | MOVED_FROM)) return isFolder ? "folder-gone" : "gone";
  if (isFolder) return mask & (CREATE | MOVED_TO) ? "folder-arrived" : undefined;
  if (mask & CLOSE_WRITE) return "written";
  if (mask & MOVED_TO) return "arrived";
  return mask & CREATE ? "created" : undefined;
}

// Node's `inflateRawSync` makes a stream, its engine and memory for each call, which takes longer than most members of a wheel
// take to inflate. One engine and one piece of memory do for all of them: a wheel's 12,000 took 0.35 s instead of 0.8.
// Streams have both in fields without documentation; where they are missing, each call has its own.
import zlib from "node:zlib";
import { letGo } from "../system/let-go.ts";

/** What came of deflate data that were given as much room as they may fill. */
export interface Inflated {
  /** Lies there until the next call. */
  readonly content: Buffer;
  /** Of the data given, the bytes behind the end of what they hold. */
  readonly restBytes: number;
}

interface Handle {
  onerror: (message: string) => void;
  reset(): void;
  writeSync(flush: number, from: Buffer, fromAt: number, bytes: number, to: Buffer, toAt: number, room: number): void;
}
interface Engine {
  readonly handle: Handle;
  /** Room and bytes that the last call has left. */
  readonly left: Uint32Array;
  fault: string | undefined;
}

const LEAST_BYTES = 64 * 1024;
/** From here on there is no room for more than what is asked for. */
const MUCH_BYTES = 1024 * 1024;
/** `null`: there is none. */
let engine: Engine | null | undefined;
let memory = Buffer.alloc(0);

function openEngine(): Engine | null {
  const stream = zlib.createInflateRaw() as unknown as {
    readonly _handle?: Handle;
    readonly _writeState?: Uint32Array;
  };
  const { _handle: handle, _writeState: left } = stream;
  if (!handle?.writeSync || !handle.reset || !(left instanceof Uint32Array)) return null;
  const opened: Engine = { handle, left, fault: undefined };
  const tell: Handle["onerror"] = (message) => {
    opened.fault = message;
  };
  Object.assign(handle, { onerror: tell });
  return opened;
}

/**
 * Inflates raw deflate data (RFC 1951) up to `roomBytes`: with more to come, the content has just that length. Throws what zlib says of
 * damaged data.
 */
export function inflateRaw(packed: Buffer, roomBytes: number): Inflated {
  if (engine === undefined) engine = openEngine();
  if (engine === null) return inflateAlone(packed, roomBytes);
  if (memory.length < roomBytes) {
    letGo(memory);
    memory = Buffer.allocUnsafeSlow(Math.max(roomBytes, LEAST_BYTES) * (roomBytes > MUCH_BYTES ? 1 : 2));
  }
  engine.fault = undefined;
  engine.handle.reset();
  engine.handle.writeSync(zlib.constants.Z_FINISH, packed, 0, packed.length, memory, 0, roomBytes);
  const [roomLeft = 0, restBytes = 0] = engine.left;
  if (engine.fault !== undefined && roomLeft > 0) throw new Error(engine.fault);
  return { content: memory.subarray(0, roomBytes - roomLeft), restBytes };
}

/** The same by what is documented. */
export function inflateAlone(packed: Buffer, roomBytes: number): Inflated {
  try {
    const { buffer, engine: alone } = zlib.inflateRawSync(packed, {
      maxOutputLength: roomBytes,
      chunkSize: Math.max(roomBytes, 64),
      info: true,
    }) as unknown as { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } };
    return { content: buffer, restBytes: packed.length - alone.bytesWritten };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_BUFFER_TOO_LARGE") throw error;
    return { content: Buffer.alloc(roomBytes), restBytes: 0 };
  }
}

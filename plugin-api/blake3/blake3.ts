import { BLOCK_BYTES, type Compression, compressionModule, type Lanes } from "./program.ts";

/** A hash in the making. `digest` ends it: afterwards it is not used any more. */
export interface Blake3Hash {
  update(piece: Uint8Array): void;
  /** 32 bytes. */
  digest(): Uint8Array;
}

const CHUNK_BYTES = 1024;
const VALUE_BYTES = 32;
/** Chunks that are hashed together: a subtree of its own once more follows. */
const CHUNKS = 64;
const INPUT_BYTES = CHUNKS * CHUNK_BYTES;
/** Chaining values stand behind the input, those of the next level behind them. */
const VALUES_AT = 2 * INPUT_BYTES;
const FLAG = { chunkStart: 1, chunkEnd: 2, parent: 4, root: 8 } as const;

interface Engine extends Compression {
  readonly lanes: Lanes;
  readonly bytes: Uint8Array;
}
let engine: Engine | undefined;

function instantiate(lanes: Lanes): Engine {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(compressionModule(lanes)));
  const made = instance.exports as unknown as Compression;
  return { memory: made.memory, compress: made.compress, lanes, bytes: new Uint8Array(made.memory.buffer) };
}

/** The engine for four lanes where the machine has vectors, else for one. Made when first needed, in about a millisecond. */
export function blake3Engine(lanes?: Lanes): Engine {
  if (lanes !== undefined) return instantiate(lanes);
  if (engine === undefined) {
    try {
      engine = instantiate(4);
    } catch {
      engine = instantiate(1);
    }
  }
  return engine;
}

/** BLAKE3-256 of the parts one after the other: 32 bytes. Synchronous. */
export function blake3(...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (length <= INPUT_BYTES)
    return hashGroup(blake3Engine(), parts.length === 1 ? parts[0]! : Buffer.concat(parts), {
      firstChunk: 0,
      rootFlag: FLAG.root,
    });
  const hash = startBlake3();
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** As `blake3`, in hexadecimal: 64 digits. */
export const blake3Hex = (...parts: readonly Uint8Array[]): string => Buffer.from(blake3(...parts)).toString("hex");

/** Begins a hash of content that comes in pieces. Several may be under way at once. */
export function startBlake3(using: Engine = blake3Engine()): Blake3Hash {
  const pending = new Uint8Array(INPUT_BYTES);
  let length = 0;
  let groups = 0;
  // One value for every full group: 32 bytes for 64 KiB.
  let values = new Uint8Array(8 * VALUE_BYTES);

  const flush = (group: Uint8Array): void => {
    if ((groups + 1) * VALUE_BYTES > values.length) {
      const larger = new Uint8Array(2 * values.length);
      larger.set(values);
      values = larger;
    }
    values.set(hashGroup(using, group, { firstChunk: groups * CHUNKS, rootFlag: 0 }), groups * VALUE_BYTES);
    groups++;
  };

  return {
    update(piece) {
      let rest = piece;
      // The last group waits until it is known whether it is the last.
      while (length + rest.length > INPUT_BYTES) {
        const room = INPUT_BYTES - length;
        if (length === 0) flush(rest.subarray(0, INPUT_BYTES));
        else {
          pending.set(rest.subarray(0, room), length);
          flush(pending);
        }
        rest = rest.subarray(room);
        length = 0;
      }
      pending.set(rest, length);
      length += rest.length;
    },
    digest() {
      const rootFlag = groups === 0 ? FLAG.root : 0;
      const last = hashGroup(using, pending.subarray(0, length), { firstChunk: groups * CHUNKS, rootFlag });
      if (groups === 0) return last;
      const all = new Uint8Array((groups + 1) * VALUE_BYTES);
      all.set(values.subarray(0, groups * VALUE_BYTES));
      all.set(last, groups * VALUE_BYTES);
      return reduceAll(using, all);
    },
  };
}

interface Place {
  readonly firstChunk: number;
  /** `FLAG.root` when the group is all there is. */
  readonly rootFlag: number;
}

/** The chaining value of up to 64 chunks; the hash itself when it is the root. */
function hashGroup(using: Engine, content: Uint8Array, { firstChunk, rootFlag }: Place): Uint8Array {
  const { bytes, compress, lanes } = using;
  bytes.set(content, 0);
  const chunks = Math.max(1, Math.ceil(content.length / CHUNK_BYTES));
  const tail = content.length - (chunks - 1) * CHUNK_BYTES;
  const whole = tail === CHUNK_BYTES ? chunks : chunks - 1;
  const onlyFlag = chunks === 1 ? rootFlag : 0;
  const { chunkStart, chunkEnd } = FLAG;
  for (let i = 0; i < whole; i += lanes) {
    compress(
      i * CHUNK_BYTES,
      CHUNK_BYTES,
      16,
      BLOCK_BYTES,
      firstChunk + i,
      1,
      0,
      chunkStart,
      chunkEnd | onlyFlag,
      VALUES_AT + i * VALUE_BYTES,
    );
  }
  if (whole < chunks) {
    // What lies behind the end is left from other content, and counts as zeros.
    const blocks = Math.max(1, Math.ceil(tail / BLOCK_BYTES));
    bytes.fill(0, content.length, whole * CHUNK_BYTES + blocks * BLOCK_BYTES);
    compress(
      whole * CHUNK_BYTES,
      0,
      blocks,
      tail - (blocks - 1) * BLOCK_BYTES,
      firstChunk + whole,
      0,
      0,
      chunkStart,
      chunkEnd | onlyFlag,
      VALUES_AT + whole * VALUE_BYTES,
    );
  }
  reduce(using, chunks, rootFlag);
  return bytes.slice(VALUES_AT, VALUES_AT + VALUE_BYTES);
}

/** Joins the values in memory two by two until one is left; one without a partner moves up as it is. */
function reduce({ bytes, compress, lanes }: Engine, count: number, rootFlag: number): void {
  for (let left = count; left > 1; left = Math.ceil(left / 2)) {
    const pairs = left >> 1;
    const flags = FLAG.parent | (left === 2 ? rootFlag : 0);
    const next = VALUES_AT + 2 * CHUNKS * VALUE_BYTES;
    for (let i = 0; i < pairs; i += lanes)
      compress(VALUES_AT + i * BLOCK_BYTES, BLOCK_BYTES, 1, BLOCK_BYTES, 0, 0, flags, 0, 0, next + i * VALUE_BYTES);
    bytes.copyWithin(VALUES_AT, next, next + pairs * VALUE_BYTES);
    if (left % 2 === 1) {
      const odd = VALUES_AT + (left - 1) * VALUE_BYTES;
      bytes.copyWithin(VALUES_AT + pairs * VALUE_BYTES, odd, odd + VALUE_BYTES);
    }
  }
}

/** The same for any number of values: they pass through memory in runs that are subtrees. */
function reduceAll(using: Engine, given: Uint8Array): Uint8Array {
  let values = given;
  while (values.length > VALUE_BYTES) {
    const count = values.length / VALUE_BYTES;
    const runs = Math.ceil(count / CHUNKS);
    const next = new Uint8Array(runs * VALUE_BYTES);
    for (let i = 0; i < runs; i++) {
      const run = values.subarray(i * CHUNKS * VALUE_BYTES, (i + 1) * CHUNKS * VALUE_BYTES);
      using.bytes.set(run, VALUES_AT);
      reduce(using, run.length / VALUE_BYTES, runs === 1 ? FLAG.root : 0);
      next.set(using.bytes.subarray(VALUES_AT, VALUES_AT + VALUE_BYTES), i * VALUE_BYTES);
    }
    values = next;
  }
  return values;
}

import { type Draft, get, i32, put, putAccess, putSection, set, simd } from "./code.ts";

/**
 * The compression function of BLAKE3 as a WebAssembly module, written out by this program: for one input at a time, or
 * for four at once in the lanes of 128-bit vectors. Generated, because the two differ in a few instructions only.
 */

/** How many inputs a module compresses at once. */
export type Lanes = 1 | 4;

/**
 * What the module exports. `compress` hashes `lanes` inputs of `blocks` blocks, the first at `input`, each `stride` bytes
 * behind the one before, all but the last block 64 bytes long, and writes their chaining values, 32 bytes each.
 */
export interface Compression {
  readonly memory: WebAssembly.Memory;
  readonly compress: (...work: Work) => void;
}
/** Addresses, lengths in bytes, the chunk counter of the first input and how it grows, and flags of all, first and last block. */
export type Work = [
  input: number,
  stride: number,
  blocks: number,
  lastLength: number,
  counter: number,
  counterStep: number,
  flags: number,
  startFlag: number,
  endFlag: number,
  output: number,
];

export const BLOCK_BYTES = 64;
/** Pages of 64 KiB: two for input, one for chaining values and what is read beyond the last input. */
export const MEMORY_PAGES = 4;

const IV = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19] as const;
const PERMUTATION = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8] as const;
/** Columns, then diagonals of the state. */
const QUARTERS = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
] as const;

const I32 = 0x7f;
const V128 = 0x7b;
const LOOP = 0x03;
const NO_RESULT = 0x40;
const AGAIN_IF = 0x0d;
const END = 0x0b;

/** Numbers of locals: parameters first, in the order of `compress`. */
const P = {
  input: 0,
  stride: 1,
  blocks: 2,
  lastLength: 3,
  counter: 4,
  counterStep: 5,
  flags: 6,
  start: 7,
  end: 8,
  output: 9,
};
const PARAMETERS = 10;
const STATE = 10;
const MESSAGE = 26;
const CHAIN = 42;
const ROW = 50;
const WORDS = 44;
const ROUNDS_LEFT = 54;

const ADD = 0x6a;
const MULTIPLY = 0x6c;
const OR = 0x72;
const SELECT = 0x1b;
const EQUALS_ZERO = 0x45;

/** The instructions in which one lane and four differ. */
interface Words {
  readonly type: number;
  add(draft: Draft): void;
  xor(draft: Draft): void;
  /** Puts a 32-bit number into every lane. */
  splat(draft: Draft): void;
  /** Turns the value of a local to the right. */
  rotate(draft: Draft, local: number, bits: number): void;
  loadMessage(draft: Draft): void;
  storeChain(draft: Draft): void;
  /** The counter of each lane. */
  counter(draft: Draft): void;
}

const scalar: Words = {
  type: I32,
  add: (draft) => put(draft, ADD),
  xor: (draft) => put(draft, 0x73),
  splat: () => undefined,
  rotate(draft, local, bits) {
    get(draft, local);
    i32(draft, bits);
    put(draft, 0x78);
  },
  loadMessage(draft) {
    for (let i = 0; i < 16; i++) {
      get(draft, P.input);
      putAccess(draft, 0x28, 4 * i);
      set(draft, MESSAGE + i);
    }
  },
  storeChain(draft) {
    for (let i = 0; i < 8; i++) {
      get(draft, P.output);
      get(draft, CHAIN + i);
      putAccess(draft, 0x36, 4 * i);
    }
  },
  counter: (draft) => get(draft, P.counter),
};

const vector: Words = {
  type: V128,
  add: (draft) => simd(draft, 0xae),
  xor: (draft) => simd(draft, 0x51),
  splat: (draft) => simd(draft, 0x11),
  rotate: rotateLanes,
  loadMessage(draft) {
    for (let i = 0; i < 4; i++) {
      loadRows(draft, 16 * i);
      transpose(draft, ROW, MESSAGE + 4 * i);
    }
  },
  storeChain(draft) {
    for (const half of [0, 1]) {
      transpose(draft, CHAIN + 4 * half, MESSAGE);
      for (let lane = 0; lane < 4; lane++) {
        get(draft, P.output);
        get(draft, MESSAGE + lane);
        put(draft, 0xfd);
        putAccess(draft, 0x0b, 32 * lane + 16 * half);
      }
    }
  },
  counter(draft) {
    get(draft, P.counterStep);
    simd(draft, 0x11);
    simd(draft, 0x0c);
    for (let i = 0; i < 16; i++) put(draft, i % 4 === 0 ? i / 4 : 0);
    simd(draft, 0xb5);
    get(draft, P.counter);
    simd(draft, 0x11);
    simd(draft, 0xae);
  },
};

/** By whole bytes with one shuffle, otherwise with two shifts. */
function rotateLanes(draft: Draft, local: number, bits: number): void {
  get(draft, local);
  if (bits % 8 === 0) {
    get(draft, local);
    simd(draft, 0x0d);
    for (let i = 0; i < 16; i++) put(draft, (i & ~3) | ((i + bits / 8) & 3));
    return;
  }
  i32(draft, bits);
  simd(draft, 0xad);
  get(draft, local);
  i32(draft, 32 - bits);
  simd(draft, 0xab);
  simd(draft, 0x50);
}

/** Sixteen bytes of each input, at `offset` of the block, as rows. */
function loadRows(draft: Draft, offset: number): void {
  for (let lane = 0; lane < 4; lane++) {
    get(draft, P.input);
    get(draft, P.stride);
    i32(draft, lane);
    put(draft, MULTIPLY);
    put(draft, ADD);
    put(draft, 0xfd);
    putAccess(draft, 0x00, offset);
    set(draft, ROW + lane);
  }
}

const PAIR = { low: [0, 4, 1, 5], high: [2, 6, 3, 7], lowHalves: [0, 1, 4, 5], highHalves: [2, 3, 6, 7] } as const;

/** Words of two locals, the second one's counted from 4. */
function shuffle(draft: Draft, [a, b]: readonly [number, number], words: readonly number[]): void {
  get(draft, a);
  get(draft, b);
  simd(draft, 0x0d);
  for (const word of words) for (let i = 0; i < 4; i++) put(draft, 4 * word + i);
}

/** Four vectors of four words, rows to columns. The rows are lost. */
function transpose(draft: Draft, rows: number, columns: number): void {
  for (let i = 0; i < 4; i++) {
    const first = rows + (i & 2);
    shuffle(draft, [first, first + 1], i % 2 === 0 ? PAIR.low : PAIR.high);
    set(draft, columns + i);
  }
  for (let i = 0; i < 4; i++) {
    const first = columns + (i >> 1);
    shuffle(draft, [first, first + 2], i % 2 === 0 ? PAIR.lowHalves : PAIR.highHalves);
    set(draft, rows + i);
  }
  for (let i = 0; i < 4; i++) {
    get(draft, rows + i);
    set(draft, columns + i);
  }
}

type Mix = readonly [a: number, b: number, c: number, d: number, message: number, turnD: number, turnB: number];

/** Half a quarter round: one message word, and by how much `d` and `b` are turned. */
function mix(draft: Draft, words: Words, [a, b, c, d, message, turnD, turnB]: Mix): void {
  get(draft, a);
  get(draft, b);
  words.add(draft);
  get(draft, message);
  words.add(draft);
  set(draft, a);
  get(draft, d);
  get(draft, a);
  words.xor(draft);
  set(draft, d);
  words.rotate(draft, d, turnD);
  set(draft, d);
  get(draft, c);
  get(draft, d);
  words.add(draft);
  set(draft, c);
  get(draft, b);
  get(draft, c);
  words.xor(draft);
  set(draft, b);
  words.rotate(draft, b, turnB);
  set(draft, b);
}

/** All seven rounds in a loop: laid out one after the other they took the engine longer to compile than most inputs need. */
function rounds(draft: Draft, words: Words): void {
  i32(draft, 7);
  set(draft, ROUNDS_LEFT);
  put(draft, LOOP);
  put(draft, NO_RESULT);
  for (let i = 0; i < 8; i++) {
    const [a, b, c, d] = QUARTERS[i]!;
    const state = [STATE + a, STATE + b, STATE + c, STATE + d] as const;
    mix(draft, words, [...state, MESSAGE + 2 * i, 16, 12]);
    mix(draft, words, [...state, MESSAGE + 2 * i + 1, 8, 7]);
  }
  for (let i = 0; i < 16; i++) get(draft, MESSAGE + PERMUTATION[i]!);
  for (let i = 15; i >= 0; i--) set(draft, MESSAGE + i);
  get(draft, ROUNDS_LEFT);
  i32(draft, -1);
  put(draft, ADD);
  put(draft, 0x22); // keeps the value it sets
  put(draft, ROUNDS_LEFT);
  put(draft, AGAIN_IF);
  put(draft, 0);
  put(draft, END);
}

/** One of two numbers by whether this is the last block. */
function whetherLast(draft: Draft, last: number, other: number): void {
  get(draft, last);
  i32(draft, other);
  get(draft, P.blocks);
  put(draft, EQUALS_ZERO);
  put(draft, SELECT);
}

function prepareState(draft: Draft, words: Words): void {
  for (let i = 0; i < 8; i++) {
    get(draft, CHAIN + i);
    set(draft, STATE + i);
  }
  for (let i = 0; i < 4; i++) {
    i32(draft, IV[i]!);
    words.splat(draft);
    set(draft, STATE + 8 + i);
  }
  words.counter(draft);
  set(draft, STATE + 12);
  i32(draft, 0);
  words.splat(draft);
  set(draft, STATE + 13);
  whetherLast(draft, P.lastLength, BLOCK_BYTES);
  words.splat(draft);
  set(draft, STATE + 14);
  whetherLast(draft, P.end, 0);
  for (const flags of [P.start, P.flags]) {
    get(draft, flags);
    put(draft, OR);
  }
  words.splat(draft);
  set(draft, STATE + 15);
}

function compressFunction(draft: Draft, words: Words): void {
  for (let i = 0; i < 8; i++) {
    i32(draft, IV[i]!);
    words.splat(draft);
    set(draft, CHAIN + i);
  }
  put(draft, LOOP);
  put(draft, NO_RESULT);
  get(draft, P.blocks);
  i32(draft, -1);
  put(draft, ADD);
  set(draft, P.blocks);
  words.loadMessage(draft);
  prepareState(draft, words);
  rounds(draft, words);
  for (let i = 0; i < 8; i++) {
    get(draft, STATE + i);
    get(draft, STATE + 8 + i);
    words.xor(draft);
    set(draft, CHAIN + i);
  }
  get(draft, P.input);
  i32(draft, BLOCK_BYTES);
  put(draft, ADD);
  set(draft, P.input);
  i32(draft, 0);
  set(draft, P.start);
  get(draft, P.blocks);
  put(draft, AGAIN_IF);
  put(draft, 0);
  put(draft, END);
  words.storeChain(draft);
  put(draft, END);
}

/** Bytes that the code of either module fits into. */
const CODE_BYTES = 4096;
const NAMES = { memory: [6, 109, 101, 109, 111, 114, 121], compress: [8, 99, 111, 109, 112, 114, 101, 115, 115] };

/** The bytes of the module. Four lanes need an engine with 128-bit vectors; compiling throws where there are none. */
export function compressionModule(lanes: Lanes): Uint8Array<ArrayBuffer> {
  const words = lanes === 4 ? vector : scalar;
  const code: Draft = { bytes: new Uint8Array(CODE_BYTES), size: 0 };
  for (const byte of [2, WORDS, words.type, 1, I32]) put(code, byte);
  compressFunction(code, words);
  const functions: Draft = { bytes: new Uint8Array(CODE_BYTES + 8), size: 0 };
  putSection(functions, 1, code.bytes.subarray(0, code.size));
  const draft: Draft = { bytes: new Uint8Array(CODE_BYTES + 128), size: 0 };
  for (const byte of [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]) put(draft, byte);
  putSection(draft, 1, [1, 0x60, PARAMETERS, ...Array.from({ length: PARAMETERS }, () => I32), 0]);
  putSection(draft, 3, [1, 0]);
  putSection(draft, 5, [1, 0, MEMORY_PAGES]);
  putSection(draft, 7, [2, ...NAMES.memory, 2, 0, ...NAMES.compress, 0, 0]);
  putSection(draft, 10, functions.bytes.subarray(0, functions.size));
  return draft.bytes.slice(0, draft.size);
}

import { type Draft, get, i32, put, putAccess, putSection, set, simd } from "../../plugin-api/blake3/code.ts";
import type { CompareVersions, PackedList, PackedVersion } from "./packed-version.ts";

// The comparison as a WebAssembly module: a loop over eight candidates at a time, each number in a lane of a 128-bit vector.

interface Comparison {
  readonly memory: WebAssembly.Memory;
  /** The three lists lie one behind the other from address 0, `bytes` long each; the signs are written behind them. */
  readonly compare: (...work: Work) => void;
}

type Work = [bytes: number, major: number, minor: number, patch: number];

const I32 = 0x7f;
const V128 = 0x7b;
const P = { bytes: 0, major: 1, minor: 2, patch: 3, at: 4, out: 5 } as const;
/** Vectors: the bound's numbers, then what is found of the two halves of a step. */
const BOUND = 6;
const SIGNS = 9;
const OP = {
  load: 0x00,
  splat: 0x11,
  equal: 0x37,
  less: 0x3a,
  greater: 0x3c,
  and: 0x4e,
  or: 0x50,
  store64Lane: 0x5b,
  narrow8: 0x65,
  narrow16: 0x85,
  subtract: 0xb1,
} as const;
const ADD = 0x6a;
const LESS_UNSIGNED = 0x49;
const [LOOP, AGAIN_IF, NO_RESULT, END] = [0x03, 0x0d, 0x40, 0x0b];

/** Pushes four numbers of a list: the `list`th of the three, `half` of the step. */
function putLanes(code: Draft, list: number, half: number): void {
  get(code, P.at);
  for (let i = 0; i < list; i++) {
    get(code, P.bytes);
    put(code, ADD);
  }
  put(code, 0xfd);
  putAccess(code, OP.load, 16 * half);
}

/** Pushes which of four candidates are on one side of the bound: decided by the first number that differs. */
function putSide(code: Draft, half: number, side: number): void {
  for (let list = 0; list < 3; list++) {
    putLanes(code, list, half);
    get(code, BOUND + list);
    simd(code, side);
    if (list === 2) break;
    putLanes(code, list, half);
    get(code, BOUND + list);
    simd(code, OP.equal);
  }
  for (let list = 0; list < 2; list++) {
    simd(code, OP.and);
    simd(code, OP.or);
  }
}

function comparisonModule(): Uint8Array<ArrayBuffer> {
  const code: Draft = { bytes: new Uint8Array(1024), size: 0 };
  // Locals: two addresses, five vectors.
  for (const byte of [2, 2, I32, 5, V128]) put(code, byte);
  for (let i = 0; i < 3; i++) {
    get(code, P.major + i);
    simd(code, OP.splat);
    set(code, BOUND + i);
  }
  for (let i = 0; i < 3; i++) {
    get(code, P.bytes);
    if (i > 0) put(code, ADD);
  }
  set(code, P.out);
  put(code, LOOP);
  put(code, NO_RESULT);
  for (let half = 0; half < 2; half++) {
    putSide(code, half, OP.less);
    putSide(code, half, OP.greater);
    simd(code, OP.subtract);
    set(code, SIGNS + half);
  }
  get(code, P.out);
  get(code, SIGNS);
  get(code, SIGNS + 1);
  simd(code, OP.narrow16);
  get(code, SIGNS);
  simd(code, OP.narrow8);
  put(code, 0xfd);
  putAccess(code, OP.store64Lane, 0);
  put(code, 0);
  for (const [local, step] of [
    [P.out, 8],
    [P.at, 32],
  ] as const) {
    get(code, local);
    i32(code, step);
    put(code, ADD);
    set(code, local);
  }
  get(code, P.at);
  get(code, P.bytes);
  put(code, LESS_UNSIGNED);
  put(code, AGAIN_IF);
  put(code, 0);
  put(code, END);
  put(code, END);
  return moduleOf(code.bytes.subarray(0, code.size));
}

function moduleOf(body: Uint8Array): Uint8Array<ArrayBuffer> {
  const draft: Draft = { bytes: new Uint8Array(2048), size: 0 };
  for (const byte of [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]) put(draft, byte);
  putSection(draft, 1, [1, 0x60, 4, I32, I32, I32, I32, 0]);
  putSection(draft, 3, [1, 0]);
  putSection(draft, 5, [1, 0, 1]);
  const named = (name: string, kind: number) => [name.length, ...Buffer.from(name), kind, 0];
  putSection(draft, 7, [2, ...named("memory", 2), ...named("compare", 0)]);
  const sized: Draft = { bytes: new Uint8Array(1100), size: 0 };
  put(sized, 1);
  putLength(sized, body);
  putSection(draft, 10, sized.bytes.subarray(0, sized.size));
  return draft.bytes.slice(0, draft.size);
}

function putLength(draft: Draft, body: Uint8Array): void {
  for (let rest = body.length; ; rest >>>= 7) {
    put(draft, rest > 127 ? (rest & 127) | 128 : rest);
    if (rest <= 127) break;
  }
  draft.bytes.set(body, draft.size);
  draft.size += body.length;
}

const PAGE_BYTES = 65_536;

/** Compares eight candidates a step in vectors; undefined where the machine or the engine has none. */
export function simdComparison(): CompareVersions | undefined {
  let made: Comparison;
  try {
    made = new WebAssembly.Instance(new WebAssembly.Module(comparisonModule())).exports as unknown as Comparison;
  } catch {
    return undefined;
  }
  const { memory, compare } = made;
  return ({ stride, words }: PackedList, { major, minor, patch }: PackedVersion) => {
    const bytes = 4 * stride;
    const missing = 3 * bytes + stride - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
    if (words.buffer !== memory.buffer) new Uint32Array(memory.buffer).set(words.subarray(0, 3 * stride));
    if (stride > 0) compare(bytes, major, minor, patch);
    return new Int8Array(memory.buffer, 3 * bytes, stride);
  };
}

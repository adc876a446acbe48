/** Random numbers that a seed decides (mulberry32). */
export interface Random {
  /** From 0 to below `limit`. */
  below(limit: number): number;
  pick<T>(list: readonly T[]): T;
}

export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const below = (limit: number): number => (limit <= 0 ? 0 : next() % limit);
  return { below, pick: (list) => list[below(list.length)] as (typeof list)[number] };
}

/** Gives changed bytes; may change those that it is given. */
export type Mutation = (bytes: Buffer, random: Random) => Buffer;

/** Numbers at the edge of something. */
const EDGES = [0, 1, 7, 8, 64, 0xff, 0xffff, 0x1_0000, 0x7fff_ffff, 0x8000_0000, 0xffff_fff8, 0xffff_ffff];

const at = (bytes: Buffer, random: Random): number => random.below(bytes.length);

/** A part of the bytes: `from` to `to`. */
function part(bytes: Buffer, random: Random): readonly [from: number, to: number] {
  const from = at(bytes, random);
  return [from, Math.min(bytes.length, from + 1 + random.below(random.pick([4, 16, 128, bytes.length])))];
}

/** Changes that fit any format. */
export const COMMON: readonly Mutation[] = [
  (bytes, random) => {
    const place = at(bytes, random);
    if (bytes.length > 0) bytes[place] = (bytes[place] as number) ^ (1 << random.below(8));
    return bytes;
  },
  (bytes, random) => {
    if (bytes.length > 0) bytes[at(bytes, random)] = random.below(256);
    return bytes;
  },
  (bytes, random) => bytes.subarray(0, at(bytes, random)),
  (bytes, random) => bytes.subarray(at(bytes, random)),
  (bytes, random) => Buffer.concat([bytes, Buffer.alloc(1 + random.below(200), random.below(256))]),
  (bytes, random) => bytes.fill(random.pick([0, 0xff, 0x20]), ...part(bytes, random)),
  (bytes, random) => {
    const [from, to] = part(bytes, random);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  (bytes, random) => {
    const piece = Buffer.from(bytes.subarray(...part(bytes, random)));
    const place = at(bytes, random);
    return Buffer.concat([bytes.subarray(0, place), piece, bytes.subarray(place)]);
  },
  (bytes, random) => {
    const piece = Buffer.from(bytes.subarray(...part(bytes, random)));
    piece.copy(bytes, at(bytes, random));
    return bytes;
  },
];

/** A 32-bit number at a place that is a multiple of four, set to the edge of something, or changed a little. */
export const setNumber: Mutation = (bytes, random) => {
  if (bytes.length < 4) return bytes;
  const place = 4 * random.below(bytes.length >> 2);
  const old = bytes.readUInt32LE(place);
  const value = random.pick([
    random.pick(EDGES),
    old + random.pick([1, -1, 8, -8, 128]),
    bytes.length,
    random.below(2 ** 31),
  ]);
  bytes.writeUInt32LE(value >>> 0, place);
  return bytes;
};

/** Puts one of the words where it does not belong, or over what is there. */
export const insertOneOf =
  (words: readonly string[]): Mutation =>
  (bytes, random) => {
    const place = at(bytes, random);
    const word = Buffer.from(random.pick(words));
    const end = random.below(2) === 0 ? place : Math.min(bytes.length, place + word.length);
    return Buffer.concat([bytes.subarray(0, place), word, bytes.subarray(end)]);
  };

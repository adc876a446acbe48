import fs from "node:fs";
import { BLOCK_BYTES } from "./format.ts";

const MAGIC = 0x54504250;
/** Raised when records or what is in them change their form: old packs are then left behind. */
const VERSION = 2;
const HEAD_WORDS = 8;
const FEWEST_SLOTS = 64;

/** Where records lie, by the hash of their keys: open addressing, never more than half full. */
export class Table {
  readonly generation: number;
  /** Bytes of the pack that are taken, and of those that no key leads to any more. */
  packBytes: number;
  deadBytes: number;
  #slots: Uint32Array;
  #used: number;

  constructor(generation: number, packBytes: number) {
    this.generation = generation;
    this.packBytes = packBytes;
    this.deadBytes = 0;
    this.#slots = new Uint32Array(2 * FEWEST_SLOTS);
    this.#used = 0;
  }

  /** Offsets that may hold the key of this hash, in the order to look. */
  *offsets(hash: number): Generator<number> {
    const mask = this.#slots.length / 2 - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const block = this.#slots[2 * slot + 1] as number;
      if (block === 0) return;
      if (this.#slots[2 * slot] === hash) yield (block - 1) * BLOCK_BYTES;
    }
  }

  *all(): Generator<number> {
    for (let i = 1; i < this.#slots.length; i += 2)
      if (this.#slots[i] !== 0) yield ((this.#slots[i] as number) - 1) * BLOCK_BYTES;
  }

  /** Leads a key to a record, in place of `former` when that is given. */
  set(hash: number, offset: number, former?: number): void {
    if (former === undefined && 4 * ++this.#used > this.#slots.length) this.#grow();
    const block = former === undefined ? 0 : former / BLOCK_BYTES + 1;
    const slot = this.#slotOf(hash, block);
    this.#slots[2 * slot] = hash;
    this.#slots[2 * slot + 1] = offset / BLOCK_BYTES + 1;
  }

  /** The slot of a hash that leads to a block; block 0 stands for the first free slot. */
  #slotOf(hash: number, block: number): number {
    const mask = this.#slots.length / 2 - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const found = this.#slots[2 * slot + 1] as number;
      if (found === block && (block === 0 || this.#slots[2 * slot] === hash)) return slot;
      if (found === 0) throw new RangeError("no slot leads to the record that is to be replaced");
    }
  }

  encode(): Uint8Array {
    const words = new Uint32Array(HEAD_WORDS + this.#slots.length);
    const { generation, packBytes, deadBytes } = this;
    words.set([
      MAGIC,
      VERSION,
      generation,
      this.#slots.length / 2,
      this.#used,
      packBytes / BLOCK_BYTES,
      deadBytes / BLOCK_BYTES,
    ]);
    words.set(this.#slots, HEAD_WORDS);
    return new Uint8Array(words.buffer);
  }

  /** The table in a file; undefined when there is none, or one of another version, or it is damaged. */
  static read(file: string): Table | undefined {
    let bytes: Buffer;
    try {
      bytes = fs.readFileSync(file);
    } catch {
      return undefined;
    }
    if (bytes.length < 4 * HEAD_WORDS || bytes.length % 8 !== 0) return undefined;
    const words = new Uint32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    const [magic, version, generation, slots, used, packBlocks, deadBlocks] = words as unknown as number[];
    const isSound =
      magic === MAGIC &&
      version === VERSION &&
      words.length === HEAD_WORDS + 2 * (slots as number) &&
      Number.isInteger(Math.log2(slots as number)) &&
      2 * (used as number) <= (slots as number);
    if (!isSound) return undefined;
    const table = new Table(generation as number, (packBlocks as number) * BLOCK_BYTES);
    table.deadBytes = (deadBlocks as number) * BLOCK_BYTES;
    table.#slots = words.subarray(HEAD_WORDS);
    table.#used = used as number;
    return table;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(2 * old.length);
    for (let i = 0; i < old.length; i += 2) {
      if (old[i + 1] === 0) continue;
      const slot = this.#slotOf(old[i] as number, 0);
      this.#slots[2 * slot] = old[i] as number;
      this.#slots[2 * slot + 1] = old[i + 1] as number;
    }
  }
}

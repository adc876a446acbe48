/** A 64-bit number as two of 32. */
export interface Hash64 {
  readonly high: number;
  readonly low: number;
}

const PRIME_LOW = 0x1b3;

/** FNV-1a, 64 bits, over the UTF-8 of a text (SPEC DPL-03). The prime is 2^40 + 0x1b3. */
export function nameHash(text: string): Hash64 {
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  for (const byte of Buffer.from(text, "utf8")) {
    low = (low ^ byte) >>> 0;
    const product = low * PRIME_LOW;
    high = (high * PRIME_LOW + low * 256 + Math.floor(product / 2 ** 32)) % 2 ** 32;
    low = product % 2 ** 32;
  }
  return { high: high >>> 0, low: low >>> 0 };
}

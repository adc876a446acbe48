/** A 64-bit number as two of 32. */
export interface Hash64 {
  readonly high: number;
  readonly low: number;
}

const PRIME_LOW = 0x1b3;

/**
 * FNV-1a, 64 bits, over the UTF-8 of a text (SPEC DPL-03). The prime is 2^40 + 0x1b3. Counted in 16 bits, so that all numbers
 * are small ones.
 */
export function nameHash(text: string): Hash64 {
  const bytes = Buffer.from(text, "utf8");
  let high = 0xcbf29ce4 | 0;
  let low = 0x84222325 | 0;
  for (let i = 0; i < bytes.length; i++) {
    low ^= bytes[i]!;
    const first = (low & 0xffff) * PRIME_LOW;
    const second = (low >>> 16) * PRIME_LOW + (first >>> 16);
    high = (Math.imul(high, PRIME_LOW) + (low << 8) + (second >>> 16)) | 0;
    low = (second << 16) | (first & 0xffff);
  }
  return { high: high >>> 0, low: low >>> 0 };
}

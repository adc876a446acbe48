/** What a tar header block says, before extended headers are put in (POSIX ustar, GNU tar, and the old format). */
export interface TarHeader {
  /** As stored, prefix included; bytes, for an extended header may replace it. */
  readonly name: Buffer;
  readonly link: Buffer;
  readonly sizeBytes: number;
  readonly permissions: number;
  readonly type: string;
}

export const BLOCK_BYTES = 512;

/** Reads one block. Gives a fault as text when checksum, numbers or names are malformed. */
export function readTarHeader(block: Buffer): TarHeader | string {
  let sum = 8 * 0x20;
  for (let i = 0; i < BLOCK_BYTES; i++) if (i < 148 || i >= 156) sum += block[i]!;
  if (readNumber(block, 148, 8) !== sum) return "a member's header does not have its checksum";
  const sizeBytes = readNumber(block, 124, 12);
  const mode = readNumber(block, 100, 8);
  if (sizeBytes === undefined || mode === undefined) return "a member's header has a malformed number";
  const name = readText(block, 0, 100);
  const link = readText(block, 157, 100);
  // Only POSIX has a prefix there; GNU keeps times in the same place.
  const isPosix = block.toString("latin1", 257, 265) === "ustar\x0000";
  const prefix = isPosix ? readText(block, 345, 155) : Buffer.alloc(0);
  if (name === undefined || link === undefined || prefix === undefined) return "bytes follow the NUL that ends a name";
  const whole = prefix.length === 0 ? name : Buffer.concat([prefix, Buffer.from("/"), name]);
  const type = String.fromCharCode(block[156]!);
  return { name: whole, link, sizeBytes, permissions: mode & 0o777, type };
}

/** Octal digits between blanks and ended by blank or NUL, or GNU's base 256. Undefined when malformed or negative. */
function readNumber(block: Buffer, at: number, length: number): number | undefined {
  const first = block[at]!;
  if (first >= 0x80) {
    if (first !== 0x80) return undefined;
    let value = 0;
    for (let i = at + 1; i < at + length; i++) value = value * 256 + block[i]!;
    return Number.isSafeInteger(value) ? value : undefined;
  }
  const match = /^ *([0-7]*)[ \0]*$/.exec(block.toString("latin1", at, at + length));
  return match === null ? undefined : Number.parseInt(match[1] || "0", 8);
}

/** Up to the first NUL, after which there may be nothing else: one reader would stop there and another go on. */
function readText(block: Buffer, at: number, length: number): Buffer | undefined {
  const field = block.subarray(at, at + length);
  const end = field.indexOf(0);
  if (end < 0) return field;
  return field.subarray(end).every((byte) => byte === 0) ? field.subarray(0, end) : undefined;
}

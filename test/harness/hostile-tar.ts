import { gzipSync } from "node:zlib";

/** A tar member of which every field can lie; what is not given is right. */
export interface TarPiece {
  readonly name: string | Buffer;
  readonly data?: string | Buffer;
  readonly type?: string;
  readonly mode?: number;
  readonly link?: string;
  /** The size field as stored. */
  readonly size?: string | Buffer;
  readonly prefix?: string;
  readonly magic?: string;
  readonly checksum?: number;
}

const BLOCK = 512;
const POSIX = "ustar\x0000";
const bytesOf = (text: string | Buffer): Buffer => (typeof text === "string" ? Buffer.from(text) : text);

const padded = (data: Buffer): Buffer => Buffer.concat([data, Buffer.alloc((BLOCK - (data.length % BLOCK)) % BLOCK)]);

/** Header and padded content. */
export function tarPiece(piece: TarPiece): Buffer {
  const data = bytesOf(piece.data ?? "");
  const block = Buffer.alloc(BLOCK);
  bytesOf(piece.name).copy(block, 0, 0, 100);
  const octal = (value: number, length: number): string => `${value.toString(8).padStart(length - 1, "0")}\0`;
  block.write(octal(piece.mode ?? 0o644, 8), 100, "latin1");
  block.write(octal(0, 8) + octal(0, 8), 108, "latin1");
  bytesOf(piece.size ?? octal(data.length, 12)).copy(block, 124, 0, 12);
  block.write(octal(1_700_000_000, 12), 136, "latin1");
  block.write(" ".repeat(8), 148, "latin1");
  block.write(piece.type ?? "0", 156, "latin1");
  block.write(piece.link ?? "", 157);
  block.write(piece.magic ?? POSIX, 257, "latin1");
  block.write(piece.prefix ?? "", 345);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${(piece.checksum ?? sum).toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return Buffer.concat([block, padded(data)]);
}

/** One record of an extended header. */
export function paxRecord(key: string, value: string | Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), bytesOf(value), Buffer.from("\n")]);
  let length = rest.length;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

/** An extended header (`x`, or `g` for all members that follow). */
export const pax = (records: Readonly<Record<string, string>>, type = "x"): Buffer =>
  tarPiece({
    name: "PaxHeader/x",
    type,
    data: Buffer.concat(Object.entries(records).map(([key, value]) => paxRecord(key, value))),
  });

export const TAR_END = Buffer.alloc(2 * BLOCK);

/** A source archive: a sound member, then these. */
export const hostileTar = (parts: readonly Buffer[], end: Buffer = TAR_END): Buffer =>
  gzipSync(Buffer.concat([tarPiece({ name: "case-1.0/PKG-INFO", data: "Name: case\n" }), ...parts, end]));

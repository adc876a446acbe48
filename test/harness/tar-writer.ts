import { gzipSync } from "node:zlib";

export interface TarMember {
  readonly path: string;
  readonly data: Uint8Array;
  readonly mode?: number;
}

const BLOCK = 512;
const MTIME = 1_700_000_000;

/** A gzip-compressed ustar archive; equal members give equal bytes. */
export function writeTarGz(members: readonly TarMember[]): Buffer {
  const blocks = members.flatMap(({ path, data, mode }) => [header(path, data.length, mode ?? 0o644), padded(data)]);
  const packed = gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]), { level: 9 });
  packed.writeUInt32LE(0, 4); // mtime
  packed[9] = 255; // operating system: unknown
  return packed;
}

function header(path: string, size: number, mode: number): Buffer {
  const [prefix, name] = splitPath(path);
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, length: number): void => {
    block.write(value.toString(8).padStart(length - 1, "0"), at);
  };
  block.write(name, 0);
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(MTIME, 136, 12);
  block.write("        ", 148);
  block.write("0", 156);
  block.write("ustar\u000000", 257);
  block.write(prefix, 345);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\u0000 `, 148);
  return block;
}

function splitPath(path: string): readonly [prefix: string, name: string] {
  if (Buffer.byteLength(path) <= 100) return ["", path];
  const cut = path.lastIndexOf("/", 155);
  return [path.slice(0, cut), path.slice(cut + 1)];
}

const padded = (data: Uint8Array): Buffer =>
  Buffer.concat([data, Buffer.alloc((BLOCK - (data.length % BLOCK)) % BLOCK)]);

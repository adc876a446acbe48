import { gzipSync } from "node:zlib";

export interface TarMember {
  readonly path: string;
  readonly data: Uint8Array;
  readonly mode?: number;
  /** Makes it a symbolic link to this text. */
  readonly link?: string;
}

export const linkMember = (path: string, link: string): TarMember => ({ path, link, data: Buffer.alloc(0) });

const BLOCK = 512;
const MTIME = 1_700_000_000;

/** A gzip-compressed ustar archive; equal members give equal bytes. */
export function writeTarGz(members: readonly TarMember[]): Buffer {
  const packed = gzipSync(writeTar(members), { level: 9 });
  packed.writeUInt32LE(0, 4); // mtime
  packed[9] = 255; // operating system: unknown
  return packed;
}

/** A ustar archive. */
export function writeTar(members: readonly TarMember[]): Buffer {
  const blocks = members.flatMap((member) => [header(member), padded(member.data)]);
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

function header({ path, data, mode = 0o644, link }: TarMember): Buffer {
  const [prefix, name] = splitPath(path);
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, length: number): void => {
    block.write(value.toString(8).padStart(length - 1, "0"), at);
  };
  block.write(name, 0);
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(data.length, 124, 12);
  octal(MTIME, 136, 12);
  block.write("        ", 148);
  block.write(link === undefined ? "0" : "2", 156);
  block.write(link ?? "", 157);
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

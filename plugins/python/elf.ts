import fs from "node:fs";

/** What an ELF executable's header tells. */
export interface Elf {
  readonly pointerBits: 32 | 64;
  /** The loader it names, such as `/lib64/ld-linux-x86-64.so.2`; undefined for a static executable. */
  readonly loader: string | undefined;
}

const PT_INTERP = 3;

/** Reads the header of an ELF executable; undefined when the file is none. Only little-endian ones are read. */
export function readElf(file: string): Elf | undefined {
  const fd = fs.openSync(file, "r");
  try {
    const head = Buffer.alloc(4096);
    const size = fs.readSync(fd, head, 0, head.length, 0);
    if (size < 64 || head.readUInt32BE(0) !== 0x7f454c46 || head[5] !== 1) return undefined;
    const isWide = head[4] === 2;
    const table = isWide ? Number(head.readBigUInt64LE(32)) : head.readUInt32LE(28);
    const [rowSize, rows] = isWide
      ? [head.readUInt16LE(54), head.readUInt16LE(56)]
      : [head.readUInt16LE(42), head.readUInt16LE(44)];
    const pointerBits = isWide ? 64 : 32;
    for (let row = table; row < table + rows * rowSize && row + rowSize <= size; row += rowSize) {
      if (head.readUInt32LE(row) !== PT_INTERP) continue;
      const start = isWide ? Number(head.readBigUInt64LE(row + 8)) : head.readUInt32LE(row + 4);
      const length = isWide ? Number(head.readBigUInt64LE(row + 32)) : head.readUInt32LE(row + 16);
      if (length > 4096) return undefined;
      const text = Buffer.alloc(length);
      fs.readSync(fd, text, 0, length, start);
      return { pointerBits, loader: text.toString("latin1").replace(/\0+$/, "") };
    }
    return { pointerBits, loader: undefined };
  } finally {
    fs.closeSync(fd);
  }
}

/** The version glibc's loader states in itself, as `ld.so --version` prints it; undefined when it is another library's. */
export function glibcVersion(loader: string): readonly [number, number] | undefined {
  const text = fs.readFileSync(loader).toString("latin1");
  const found = /\b(?:stable|development) release version (\d+)\.(\d+)/.exec(text);
  return found ? [Number(found[1]), Number(found[2])] : undefined;
}

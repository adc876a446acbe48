// Mapping a file instead of reading it: Node has no such call. A large lock then opens as fast as a small one.

/** The bytes of a file, mapped: they must not change, so the file may only be replaced. Throws where files can't be mapped. */
export const mapFile = (path: string): Uint8Array => Bun.mmap(path, { shared: false });

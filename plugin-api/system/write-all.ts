import fs from "node:fs";

/**
 * Writes all of `bytes`, at `position` or where the descriptor is. `file` (absolute) is the file as people know it. Throws
 * Node's system errors, naming it: a disk is full when it is written to, and such an error names no file.
 */
export function writeAll(fd: number, bytes: Uint8Array, { file, position }: Written): void {
  naming(file, () => {
    for (let at = 0; at < bytes.length; )
      at += fs.writeSync(fd, bytes, at, bytes.length - at, position === undefined ? null : position + at);
  });
}
export interface Written {
  readonly file: string;
  readonly position?: number;
}

/** Does something to `file` (absolute), under whatever name and descriptor: a system error of it names that file. */
export function naming<T>(file: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (isSystemError(error)) Object.assign(error, { path: file, dest: undefined });
    throw error;
  }
}

/** Does something below `folder` (absolute): a system error of it that names no file at all names that folder. */
export async function within<T>(folder: string, act: () => T | Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (isSystemError(error) && error.path === undefined) Object.assign(error, { path: folder });
    throw error;
  }
}

const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && "code" in error && "errno" in error;

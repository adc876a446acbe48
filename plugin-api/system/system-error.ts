import { PybunError } from "../error.ts";

const SYSTEM: Readonly<Record<string, readonly [code: string, words: string]>> = {
  ENOSPC: ["E_DISK_FULL", "no space left"],
  EDQUOT: ["E_DISK_FULL", "the quota is used up"],
  EACCES: ["E_PERMISSION", "permission denied"],
  EPERM: ["E_PERMISSION", "not permitted"],
  EROFS: ["E_PERMISSION", "the file system is read-only"],
};

/** A full disk or a refused access in words, as `E_DISK_FULL` or `E_PERMISSION`; undefined for any other error. */
export function systemError(cause: Error): PybunError | undefined {
  const { code, path, syscall } = cause as NodeJS.ErrnoException;
  const known = code === undefined ? undefined : SYSTEM[code];
  if (!known || typeof path !== "string") return undefined;
  return new PybunError(known[0], `${known[1]}: ${path}`, { cause, context: { path, syscall } });
}

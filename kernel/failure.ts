import { PybunError } from "../plugin-api/error.ts";

/** Where an error was first seen. */
export interface Blame {
  readonly plugin: string;
  readonly stage: string;
}
const blames = new WeakMap<object, Blame>();

/** Remembers plugin and stage of an error, innermost first; the error stays what it is. */
export function attribute(error: unknown, blame: Blame): unknown {
  const thrown = error instanceof Error ? error : new Error(String(error));
  if (!blames.has(thrown)) blames.set(thrown, blame);
  return thrown;
}

export const blameOf = (error: unknown): Blame | undefined =>
  typeof error === "object" && error !== null ? blames.get(error) : undefined;

/** A signal ended the work. Not a diagnostic: the process says `interrupted` and leaves with 128 + the signal's number. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  readonly exitCode: number;
  constructor(signal: "SIGINT" | "SIGTERM") {
    super("interrupted");
    this.exitCode = signal === "SIGINT" ? 130 : 143;
  }
}

const SYSTEM: Readonly<Record<string, readonly [code: string, words: string]>> = {
  ENOSPC: ["E_DISK_FULL", "no space left"],
  EDQUOT: ["E_DISK_FULL", "the quota is used up"],
  EACCES: ["E_PERMISSION", "permission denied"],
  EPERM: ["E_PERMISSION", "not permitted"],
  EROFS: ["E_PERMISSION", "the file system is read-only"],
};

/**
 * The error a user is told: a `PybunError` as it is, a system error in words, anything else as a fault of the plugin it
 * came from (`E_PLUGIN` for one that was added, `E_INTERNAL` for our own).
 */
export function toPybunError(error: unknown, isBuiltIn: (plugin: string) => boolean): PybunError {
  if (error instanceof PybunError) return error;
  const cause = error instanceof Error ? error : new Error(String(error));
  const { code, path, syscall } = cause as NodeJS.ErrnoException;
  const known = code === undefined ? undefined : SYSTEM[code];
  if (known && typeof path === "string")
    return new PybunError(known[0], `${known[1]}: ${path}`, { cause, context: { path, syscall } });
  const blame = blameOf(error);
  const isOurs = blame === undefined || isBuiltIn(blame.plugin);
  const where = blame ? ` in plugin \`${blame.plugin}\`` : "";
  return new PybunError(isOurs ? "E_INTERNAL" : "E_PLUGIN", `fault${where}: ${cause.message}`, {
    cause,
    evidence: ["not caused by your project"],
  });
}

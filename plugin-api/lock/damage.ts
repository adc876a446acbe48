import path from "node:path";
import { PybunError } from "../error.ts";

/** Where in a lock something is wrong. */
export interface Spot {
  /** Path of the lock, for the message. */
  readonly path: string;
  /** `header`, `directory`, `hash table`, `content hash`, or a section's id. */
  readonly section: string;
  /** Bytes from the start of the file. */
  readonly offset: number;
}

/** `E_LOCK_INVALID`, naming section and offset (SPEC LOCK-09). `what` completes "the lock is damaged: …". */
export function damaged({ path: file, section, offset }: Spot, what: string, cause?: unknown): PybunError {
  const name = path.basename(file);
  return new PybunError("E_LOCK_INVALID", `${name} is damaged: ${what} (${section}, offset ${offset})`, {
    hints: [`take ${name} from version control again, or make it anew: \`pybun lock\``],
    context: { file, section, offset },
    file,
    ...(cause !== undefined && { cause }),
  });
}

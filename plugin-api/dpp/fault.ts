import { PybunError } from "../error.ts";

/** `E_FORMAT_BOUNDS`: `what` completes "the DPP is damaged: …". */
export const outOfBounds = (file: string, what: string, cause?: unknown): PybunError =>
  new PybunError("E_FORMAT_BOUNDS", `\`${file}\` is damaged: ${what}`, {
    context: { file },
    ...(cause !== undefined && { cause }),
  });

/** `E_HASH_MISMATCH` for a DPP whose parts are not those that were written. */
export const otherContent = (file: string, what: string): PybunError =>
  new PybunError("E_HASH_MISMATCH", `\`${file}\` is damaged: ${what}`, {
    context: { file },
    hints: ["fetch it again, or make it anew from the wheel: `pybun dpp convert WHEEL`"],
  });

import type { Diagnostic } from "../../plugin-api/diagnostic.ts";
import type { PageName } from "../../plugin-api/model/requirement.ts";
import { readRemembered, remember } from "../../plugin-api/system/remembered-file.ts";

/** An answer, what was told of it, and what it was made from. */
export interface Hint {
  readonly answer: unknown;
  readonly warnings: readonly Diagnostic[];
  /** The pages that mattered. */
  readonly consulted: readonly PageName[];
  /** What each index plugin said of them, by plugin. */
  readonly stamps: Readonly<Record<string, string>>;
}

const KIND = "PyBun hint 3";

/** The hint in a file, with its digest; undefined when there is none, or it is not as it was written. */
export function readHint(file: string): (Hint & { readonly digest: string }) | undefined {
  const found = readRemembered(file, KIND);
  return found && { ...(JSON.parse(found.body.toString("utf8")) as Hint), digest: found.digest };
}

export const writeHint = (file: string, hint: Hint): void => remember(file, KIND, Buffer.from(JSON.stringify(hint)));

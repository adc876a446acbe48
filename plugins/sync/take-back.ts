import fs from "node:fs";
import { PybunError } from "../../plugin-api/error.ts";
import { sha256Of } from "../../plugin-api/hash/native.ts";
import type { Session } from "../../plugin-api/session.ts";
import { digestOf } from "../../plugin-api/system/journal.ts";
import type { ChangedFile } from "../../plugin-api/system/project-change.ts";
import { type Installing, installFrom } from "./bring.ts";

/** Files as they are before a change, to be put back when what comes after it fails. */
export type Kept = readonly KeptFile[];
interface KeptFile {
  readonly changed: ChangedFile;
  /** Undefined where there was none. */
  readonly old: { readonly content: Buffer; readonly modified: Date } | undefined;
}

export const keep = (files: readonly ChangedFile[]): Kept =>
  files.map((changed) => {
    const { file, was } = changed;
    const old = { content: was === "" ? Buffer.alloc(0) : fs.readFileSync(file), modified: modifiedAt(file) };
    return { changed, old: was === "" ? undefined : old };
  });

const modifiedAt = (file: string): Date => fs.statSync(file, { throwIfNoEntry: false })?.mtime ?? new Date();

/**
 * Takes a change back that is done: files and lock as they were, and the environment with what the lock before had. What somebody
 * else has changed since stays as they made it. Gives the error to throw: the one that made it necessary, or that and why not.
 */
export async function takenBack(
  failure: unknown,
  { kept, installing, root }: { readonly kept: Kept; readonly installing: Installing; readonly root: string },
  session: Session,
): Promise<unknown> {
  const { current } = installing;
  try {
    const files = kept.flatMap(({ changed, old }) => {
      const now = sha256Of(changed.content);
      return old === undefined || digestOf(changed.file) !== now
        ? []
        : [{ ...changed, content: old.content, was: now }];
    });
    const { before } = current;
    const gone = new Set<string>(current.lock.packages.map(({ name }) => name));
    for (const { name } of before?.packages ?? []) gone.delete(name);
    const { held: _, changes: __, ...rest } = current;
    const earlier = { ...rest, lock: before ?? current.lock, held: () => undefined };
    const back = { ...installing, current: earlier, removes: gone, isWholeIn: () => false };
    await installFrom({ ...back, keepsProject: true, ...(files.length > 0 && { files: { root, files } }) }, session);
    for (const { changed, old } of kept)
      if (old === undefined) fs.rmSync(changed.file, { force: true });
      // The same file as before is not one that was changed since.
      else if (files.some(({ file }) => file === changed.file)) fs.utimesSync(changed.file, old.modified, old.modified);
    return failure;
  } catch (error) {
    if (!(failure instanceof PybunError)) return failure;
    const { evidence = [] } = failure.detail;
    const reason = error instanceof Error ? error.message : String(error);
    return new PybunError(failure.code, failure.message, {
      ...failure.detail,
      evidence: [...evidence, `the change was made, and could not be taken back: ${reason}`],
      context: { ...failure.detail.context, is_changed: true },
    });
  }
}

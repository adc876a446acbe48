import fs from "node:fs";
import path from "node:path";
import type { EnvironmentStamp } from "../model/environment.ts";
import { writeEnvironmentStamp } from "./environment-stamp.ts";
import { commitMoves } from "./journal.ts";

/**
 * Folders in which changes of an environment are staged, on its file system: `beside` it to put a whole one in its place,
 * `inside` it to change parts of it. To be used only under `Environments.alone`, which also completes or removes what a
 * killed command left there.
 */
export const stagingOf = (root: string): { readonly beside: string; readonly inside: string } => ({
  beside: `${root}.staging`,
  inside: path.join(root, ".staging"),
});

/** The note in the journal of a change of an environment, of a project's files, or of both. */
export type ChangeNote = Partial<StampNote> & {
  /** The mark of a project's change, which goes with it; relative to the folder that holds the staging folder. */
  readonly mark?: string;
};

/** The stamp to write once site-packages has its final time of change. */
export interface StampNote {
  /** Both relative to the folder that holds the staging folder. */
  readonly root: string;
  readonly sitePackages: string;
  readonly stamp: Omit<EnvironmentStamp, "format" | "siteMtimeMs">;
}

/**
 * Rounds off a change staged in `staging`: the `finish` of `commitMoves` and `recoverMoves`. Without a note there is no
 * environment any more.
 */
export const finishChange =
  (staging: string) =>
  (note: unknown): void => {
    if (note === undefined) return;
    const { root, sitePackages, stamp, mark } = note as ChangeNote;
    const at = (relative: string): string => path.join(path.dirname(staging), relative);
    if (root !== undefined && sitePackages !== undefined && stamp !== undefined)
      writeEnvironmentStamp({ root: at(root), sitePackages: at(sitePackages), temporary: staging }, stamp);
    if (mark !== undefined) fs.rmSync(at(mark), { force: true });
  };

/**
 * Removes an environment: it goes out of the way in one step, then away, so that half of one is never found. To be used only
 * under `Environments.alone`. Throws system errors.
 */
export async function removeEnvironment(root: string): Promise<void> {
  const { beside } = stagingOf(root);
  fs.mkdirSync(beside);
  await commitMoves(beside, { moves: [{ to: path.basename(root) }] }, finishChange(beside));
}

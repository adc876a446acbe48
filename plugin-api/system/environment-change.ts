import path from "node:path";
import type { EnvironmentStamp } from "../model/environment.ts";
import { writeEnvironmentStamp } from "./environment-stamp.ts";

/**
 * Folders in which changes of an environment are staged, on its file system: `beside` it to put a whole one in its place,
 * `inside` it to change parts of it. To be used only under `Environments.alone`, which also completes or removes what a
 * killed command left there.
 */
export const stagingOf = (root: string): { readonly beside: string; readonly inside: string } => ({
  beside: `${root}.staging`,
  inside: path.join(root, ".staging"),
});

/** The note in the journal of a change: the stamp to write once site-packages has its final time of change. */
export interface StampNote {
  /** Both relative to the folder that holds the staging folder. */
  readonly root: string;
  readonly sitePackages: string;
  readonly stamp: Omit<EnvironmentStamp, "format" | "siteMtimeMs">;
}

/**
 * Rounds off a change of an environment staged in `staging`: the `finish` of `commitMoves` and `recoverMoves`. Without a note
 * there is no environment any more.
 */
export const finishChange =
  (staging: string) =>
  (note: unknown): void => {
    if (note === undefined) return;
    const { root, sitePackages, stamp } = note as StampNote;
    const at = (relative: string): string => path.join(path.dirname(staging), relative);
    writeEnvironmentStamp({ root: at(root), sitePackages: at(sitePackages), temporary: staging }, stamp);
  };

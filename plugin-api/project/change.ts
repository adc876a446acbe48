import type { CurrentLock, Upgrading } from "../lock/current.ts";
import type { Plan } from "../model/environment.ts";
import type { Lock } from "../model/lock.ts";
import type { Demand } from "../model/requirement.ts";
import { serviceKey } from "../service.ts";
import type { TargetEnvironment } from "../services.ts";
import type { ChangedFile } from "../system/project-change.ts";
import type { GivenTexts } from "./read-project.ts";

/** Files of a project with new text. */
export interface EditedFiles {
  /** As they shall be on the disk, the one that was edited first. */
  readonly files: readonly ChangedFile[];
  /**
   * The texts to read in place of those on the disk, by absolute path: of each `pyproject.toml`, or its binary form. By default those
   * of the files that are given as text.
   */
  readonly texts?: GivenTexts;
  /** Requirements that stand in the texts because somebody typed them just now, as they stand there. */
  readonly typed?: ReadonlySet<string>;
  /** As in `LockMaking`, for the files that `finish` gives. */
  readonly reworded?: ReadonlyMap<string, string> | undefined;
}

/** A change of what a project requires: new text of its files, and how far the change goes. */
export interface ProjectEdit extends EditedFiles {
  /** Folder of the project or workspace; absolute. */
  readonly root: string;
  /** Words that only a lock can tell, such as a lower bound: the files once more, when the first text has been locked. */
  readonly finish?: (locked: CurrentLock) => Promise<EditedFiles | undefined>;
  /** Hold while versions are chosen, and are written nowhere. */
  readonly constraints?: readonly Demand[];
  readonly upgrading?: Upgrading | undefined;
  /** Names that are uninstalled unless the lock still has them, beside what the lock had before and has no longer. */
  readonly removes?: readonly string[];
  /** What changes beside the files: nothing, the lock, or lock and environment. */
  readonly reach: "files" | "lock" | "environment";
  readonly isDryRun: boolean;
  /** Parts that count beside those that are installed when none is asked for. */
  readonly extra: readonly string[];
  readonly group: readonly string[];
  /** Members of the workspace that count; none for those that the folder stands for. */
  readonly package: readonly string[];
}

/** What a change led to, or would. */
export interface ProjectEdited {
  /** The files as they are now. */
  readonly files: readonly ChangedFile[];
  /** The lock before; undefined where there was none, or it was not looked at. */
  readonly before?: Lock | undefined;
  readonly current?: CurrentLock;
  readonly plan?: Plan;
  readonly target?: TargetEnvironment;
}

/** Changes what a project requires: text, lock and environment take effect together, or stay as they are. */
export interface ProjectChanges {
  /**
   * Locks the texts as given, plans, fetches, and only then puts everything in place (SPEC PRJ-11). Nothing is written before,
   * nor when it throws: what the stages throw, and `E_PROJECT_CHANGED` when somebody else changed a file meanwhile.
   */
  apply(edit: ProjectEdit): Promise<ProjectEdited>;
}
export const ProjectChanges = serviceKey<ProjectChanges>("ProjectChanges");

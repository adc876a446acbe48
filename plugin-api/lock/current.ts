import type { Sha256 } from "../model/digest.ts";
import type { InstallsInto, Lock } from "../model/lock.ts";
import type { Demand, PackageName } from "../model/requirement.ts";
import type { GivenTexts, Project } from "../project/read-project.ts";
import { serviceKey } from "../service.ts";
import type { ChangedFile } from "../system/project-change.ts";
import type { Change } from "../text/change-list.ts";

/** The lock of the project or workspace that a command acts on, and how it came to be what it is. */
export interface CurrentLock {
  readonly project: Project;
  /** Absolute. */
  readonly file: string;
  /** The file as people see it. */
  readonly shown: string;
  readonly lock: Lock;
  /** Logical names of indexes that are reached elsewhere here than where the lock was made. */
  readonly moved: ReadonlySet<string>;
  /** Something was told of the project beside all this. */
  readonly hasNotices: boolean;
  /** Files and folders whose change may make the lock stale, beside those of settings; the lock itself among them. */
  readonly decidedBy: () => readonly string[];
  /** How the lock was changed for this call; undefined when it was left alone. */
  readonly changes?: readonly Change[];
  /** What the project says now is not what the lock was made from. */
  readonly isStale: boolean;
  /** The lock as it was on the disk; undefined where there was none. */
  readonly before: Lock | undefined;
  /**
   * The lock's file as it shall be, where `isHeldBack` left it for the caller to write and it is not that already. Made at the
   * first call. Throws `E_LOCK_INCOMPLETE`, `E_LIMIT`.
   */
  readonly held: () => ChangedFile | undefined;
  /** Digest of the file in which `lock` stands, or will. */
  readonly sha256: () => Sha256;
}

/** What of a lock is given up to be chosen anew. */
export interface Upgrading {
  readonly upgrade: boolean;
  /** Names, or requirements such as `rich==15` for certain versions. */
  readonly upgradePackage: readonly string[];
}

/** How a lock is made; by default of what is on the disk, and written at once. */
export interface LockMaking {
  readonly isDryRun?: boolean | undefined;
  /** The project's files as they shall be; they also hold for all that comes after in this run. */
  readonly texts?: GivenTexts | undefined;
  /** Requirements in these texts that somebody typed just now, as they stand there: that is where they come from. */
  readonly typed?: ReadonlySet<string> | undefined;
  /** Hold beside those of the project, and are not written down. */
  readonly constraints?: readonly Demand[] | undefined;
  readonly upgrading?: Upgrading | undefined;
  /** The lock whose versions are kept, in place of the one on the disk. */
  readonly previous?: Lock | undefined;
  /**
   * `previous` is the answer already: these requirements are worded otherwise now (old text -> new), in a way that all versions chosen
   * meet, and nothing is chosen anew.
   */
  readonly reworded?: ReadonlyMap<string, string> | undefined;
  /** A new lock is not written, but given as `held`. */
  readonly isHeldBack?: boolean | undefined;
  /** Where what is locked is installed at once: wheels may come while it is being locked. */
  readonly installs?: (() => Promise<InstallsInto>) | undefined;
}

/** A script to be locked. */
export interface ScriptMaking extends Pick<LockMaking, "typed" | "constraints" | "previous"> {
  /** Absolute. */
  readonly file: string;
  readonly text: string;
  /** Only the lock is of interest that the script has, if it has one. */
  readonly isOnlyKept?: boolean;
}

/** What a script leads to. */
export type ScriptLock = Pick<CurrentLock, "lock" | "before" | "changes" | "file"> & { readonly held?: ChangedFile };

/** Reads and makes locks for commands that install from them (SPEC LOCK-07, PRJ-40, PRJ-50). */
export interface Locks {
  /** The project or workspace that a command acts on, read once. Throws `E_PROJECT_NOT_FOUND`, `E_PROJECT_INVALID`. */
  project(): Promise<Project>;
  /**
   * What a script's block (PEP 723) leads to, given its text as it shall be; `held` where the script has a lock; undefined where
   * it has none and `isOnlyKept`. Nothing is written. Throws `E_PEP723_INVALID`, and what the stage `lock` throws.
   */
  script(script: ScriptMaking): Promise<ScriptLock | undefined>;
  /**
   * `as it is`: whether it is stale is only told. `locked`: it has to match the project. `renewed`: made, or made anew, where
   * it does not match, or versions are to be chosen anew; written unless `isDryRun`. Throws `E_PROJECT_NOT_FOUND`,
   * `E_LOCK_MISSING`, `E_LOCK_STALE`, `E_LOCK_INVALID`, and what the stage `lock` throws.
   */
  current(want: "as it is" | "locked" | "renewed", making?: LockMaking): Promise<CurrentLock>;
  /**
   * The lock with another version of one of the workspace's own projects, nothing being chosen anew; undefined where it does not
   * name that project's version. Throws `E_LOCK_INVALID`.
   */
  withOwnVersion(name: PackageName, version: string): Promise<OwnVersion | undefined>;
}
/** A lock that names another version of a project. */
export interface OwnVersion {
  /** For `ProjectChanges`; absent where the lock names that version already. */
  readonly changed?: ChangedFile;
  /** What other packages of the lock require of the project, and does not hold for the version. */
  readonly against: readonly { readonly name: string; readonly specifier: string }[];
}
export const Locks = serviceKey<Locks>("Locks");

import type { ConflictItem } from "../model/lock.ts";
import type { Demand, Extra, PackageName } from "../model/requirement.ts";
import type { DeclaredSource } from "./sources.ts";

/**
 * One pyproject.toml as the standards and PyBun understand it (PEP 518, 621, 735, `[tool.pybun]`, and what of `[tool.uv]` means
 * the same). Names are normal, requirements parsed; nothing is looked up outside of the file.
 */
export interface Pyproject {
  /** Absolute. */
  readonly file: string;
  /** Folder of the file; absolute. */
  readonly folder: string;
  /** Absent without a `[project]` table. */
  readonly name?: PackageName;
  /** As written. */
  readonly displayName?: string;
  /** Absent when it is dynamic. */
  readonly version?: string;
  /** `requires-python` as written; empty for any. */
  readonly requiresPython: string;
  /** Fields of `[project]` that only a build can tell (PEP 621). */
  readonly dynamic: ReadonlySet<string>;
  /** As declared: `sources` are not applied. An origin is `pyproject.toml:8`. */
  readonly dependencies: readonly Demand[];
  readonly optional: ReadonlyMap<Extra, readonly Demand[]>;
  /** Dependency groups with their includes expanded (PEP 735), by normal name. */
  readonly groups: ReadonlyMap<string, readonly Demand[]>;
  /** Groups installed when none is asked for; `"all"` for every one. */
  readonly defaultGroups: readonly string[] | "all";
  readonly buildSystem?: BuildSystem;
  /** False for a project that is only a list of requirements: nothing of it is built or installed. */
  readonly isPackage: boolean;
  readonly options: ProjectOptions;
}

/** `[build-system]` (PEP 517, 518). */
export interface BuildSystem {
  readonly requires: readonly Demand[];
  /** `setuptools.build_meta:__legacy__` where none is named. */
  readonly backend: string;
  readonly backendPath: readonly string[];
}

/** What `[tool.pybun]`, or else `[tool.uv]`, says about resolving this project. */
export interface ProjectOptions {
  /** Where packages come from when not from the indexes; several entries of one name have disjoint markers. */
  readonly sources: ReadonlyMap<PackageName, readonly DeclaredSource[]>;
  readonly constraints: readonly Demand[];
  readonly overrides: readonly Demand[];
  readonly exclusions: readonly PackageName[];
  /** Metadata to believe instead of what a release states. */
  readonly metadata: readonly GivenMetadata[];
  /** Sets as declared, then pairs that follow: of groups that include one of a set (PEP 735). */
  readonly conflicts: readonly (readonly ConflictItem[])[];
  /** Markers. */
  readonly environments: readonly string[];
  readonly requiredEnvironments: readonly string[];
  readonly forkStrategy: "requires-python" | "fewest";
  /** `exclude-newer` as written; absent where the file says nothing. */
  readonly excludeNewer?: string;
  /** A member of a workspace that is locked by itself (`own-lock`): it has an environment of its own, too. */
  readonly hasOwnLock: boolean;
  /** Absent in a project that is no workspace's root. */
  readonly workspace?: WorkspaceTable;
}

export interface WorkspaceTable {
  /** Globs, relative to the root. */
  readonly members: readonly string[];
  readonly exclude: readonly string[];
  /** Hold for every member that requires the package. */
  readonly shared: readonly Demand[];
}

export interface GivenMetadata {
  readonly name: PackageName;
  /** Absent for every version. */
  readonly version?: string;
  readonly requiresDist: readonly string[];
  readonly requiresPython: string;
  readonly providesExtra: readonly string[];
}

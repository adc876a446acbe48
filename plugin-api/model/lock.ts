import type { Diagnostic } from "../diagnostic.ts";
import type { DistributionFile, Source } from "./distribution.ts";
import type { Interpreter } from "./interpreter.ts";
import type { Demand, Extra, IndexPin, PackageName, PageName } from "./requirement.ts";
import type { ResolutionPolicy } from "./resolution.ts";

/**
 * Everything that decides a universal resolution: one answer that holds on every platform and every Python of a range
 * (SPEC RES-04). Equal requests give equal locks from equal indexes.
 */
export interface LockRequest {
  /** The pyproject.toml or script that says what is required, absolute: where a change that is proposed would be made. */
  readonly file?: string;
  readonly roots: readonly RootDemand[];
  readonly constraints: readonly Demand[];
  readonly overrides: readonly Demand[];
  /** As in a `Request`. */
  readonly indexPins?: readonly IndexPin[];
  /** Names that count as required by nobody (`exclude-dependencies`). */
  readonly exclusions: readonly PackageName[];
  /** The project's range of Pythons as a specifier; empty for any. */
  readonly requiresPython: string;
  /** Markers that narrow what the lock must hold for; empty for everything. */
  readonly environments: readonly string[];
  /** Markers of environments for which every package must have a wheel, or a source that may be built. */
  readonly requiredEnvironments: readonly string[];
  /** Extras and groups that are never installed together, and therefore resolved apart (SPEC RES-16). */
  readonly conflicts: readonly (readonly ConflictItem[])[];
  /** Newest release for each Python of the range, or as few different releases as will do. */
  readonly forkStrategy: "requires-python" | "fewest";
  readonly policy: ResolutionPolicy;
  /** A lock whose versions and forks are kept where they still fit. */
  readonly previous?: Lock;
  /** Packages of `previous` to choose anew: `true` for all. */
  readonly upgrade?: true | ReadonlySet<PackageName>;
  /** Runs the builds that metadata of sources may take. */
  readonly interpreter?: Interpreter;
  /** What the lock says is installed there at once, so that wheels may come while it is being made. */
  readonly installs?: InstallsInto;
}

/** Where something will be installed, with the versions that are there already and need not come. */
export interface InstallsInto {
  readonly interpreter: Interpreter;
  readonly installed: ReadonlyMap<PackageName, string>;
}

/** A part of a project that asks for something. */
export interface RootOwner {
  /**
   * `project`: the dependencies of the one project; `member`: those of a workspace's member; `optional`: of an extra;
   * `group`: of a dependency group (PEP 735); `script`: of a PEP 723 block.
   */
  readonly kind: "project" | "optional" | "group" | "script" | "member";
  /** Name of the extra or group; of the member for `member`; empty for `project` and `script`. */
  readonly name: string;
  /** The member whose extra or group it is; empty in a project that is no workspace. */
  readonly member: PackageName | "";
}
export interface RootDemand {
  readonly owner: RootOwner;
  readonly demand: Demand;
}
/** An extra or a group, of one member when there are several. */
export interface ConflictItem {
  readonly kind: "optional" | "group";
  readonly name: string;
  readonly member: PackageName | "";
}

/** A universal resolution: what `pybun.lockb` holds. Plain data; packages are sorted by name, version, marker. */
export interface Lock {
  readonly requiresPython: string;
  /** Disjoint markers that together cover the range, in canonical spelling; empty when there was no need to fork. */
  readonly forks: readonly string[];
  readonly packages: readonly LockedPackage[];
  readonly roots: readonly LockedRoot[];
  /** Facts about the lock as a whole (SPEC DPL-10), keys sorted. The range of Pythons is not repeated here. */
  readonly meta: Readonly<Record<string, string>>;
  /** Platform tag of the one platform it was made for; absent when it holds for several. */
  readonly platform?: string;
  /** Versions that were decided on and given up again while it was made: told, never written down. */
  readonly attempts?: number;
  /** As in a `Resolution`, never written down either. */
  readonly isFromCache?: boolean;
  /** Names the kept answer it was read from: equal names, equal locks. */
  readonly rememberedAs?: string;
  readonly warnings?: readonly Diagnostic[];
  readonly consulted?: readonly PageName[];
  /** Sections of a newer or other writer, kept as they are when the lock is written again (SPEC LOCK-10). */
  readonly otherSections?: readonly LockSection[];
}
/** A part of the file that PyBun does not know: its id begins with a lower-case letter. */
export interface LockSection {
  /** Four ASCII letters or digits. */
  readonly id: string;
  readonly recordCount: number;
  readonly bytes: Uint8Array;
}

/** One release of a package, for all environments at which it is chosen. */
export interface LockedPackage {
  readonly name: PackageName;
  readonly version: string;
  readonly source: Source;
  /** Where it is chosen at all, in canonical spelling; empty for everywhere. */
  readonly marker: string;
  /** As the release publishes it; empty when it does not. */
  readonly requiresPython: string;
  /** Every file that some environment of the lock could install, by file name. */
  readonly files: readonly DistributionFile[];
  /** Name of the file to install, in a lock for one platform. */
  readonly chosen?: string;
  /** Extras that something asks for, sorted. */
  readonly extras: readonly Extra[];
  readonly dependencies: readonly LockedEdge[];
  /** Of sources without files: a commit, or a digest over a folder. */
  readonly integrity?: SourceIntegrity;
}
/** Commit in hexadecimal, or BLAKE3 of the sorted list of path, mode and content's BLAKE3 (SPEC DPL-07). */
export interface SourceIntegrity {
  readonly kind: "git-sha1" | "git-sha256" | "tree";
  readonly digest: string;
}

/** `marker` is relative to where the package itself is chosen; it tests `extra` when only an extra of the package asks. */
export interface LockedEdge {
  /** Index into `Lock.packages`. */
  readonly to: number;
  readonly marker: string;
  readonly extras: readonly Extra[];
  /** As the release states it, such as `>=2,<3`. */
  readonly specifier: string;
}
export interface LockedRoot {
  readonly owner: RootOwner;
  /** The requirement as written (PEP 508). */
  readonly requirement: string;
  /** Index into `Lock.packages`. */
  readonly to: number;
  readonly marker: string;
}

/** What of a lock is to be installed. */
export interface LockChoice {
  /** Extras of the project, or of the members chosen. */
  readonly extras: readonly string[] | "all";
  readonly groups: readonly string[];
  /** Members of a workspace; all when absent. */
  readonly members?: readonly PackageName[];
  /** Leave out the dependencies proper, as for `--only-group`. */
  readonly onlyGroups?: boolean;
  /** Names that may not be built, or whose wheels may not be used; `:all:` for every one. */
  readonly policy?: Pick<ResolutionPolicy, "noBuild" | "noBinary">;
}

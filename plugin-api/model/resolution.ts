import type { Diagnostic } from "../diagnostic.ts";
import type { Sha256 } from "./digest.ts";
import type { DistributionFile, Source, VersionPage } from "./distribution.ts";
import type { Interpreter, Target } from "./interpreter.ts";
import type { Demand, Extra, IndexPin, PackageName, PageName } from "./requirement.ts";

/** Everything that decides a resolution, and nothing else: equal requests give equal resolutions from equal indexes. */
export interface Request {
  readonly demands: readonly Demand[];
  readonly constraints?: readonly Demand[];
  readonly overrides?: readonly Demand[];
  /** Of one package in order: the first that holds counts. A demand that names its index goes before all. */
  readonly indexPins?: readonly IndexPin[];
  readonly target: Target;
  /** Runs the builds that metadata of sources may take; without it, whichever is found. */
  readonly interpreter?: Interpreter;
  /** The answer is installed for `interpreter` at once, so that wheels may come while it is being found. Decides nothing. */
  readonly isInstalled?: boolean;
  /** Versions to keep if they still fit, such as those of a lock. */
  readonly preferences?: ReadonlyMap<PackageName, string> | undefined;
  /** Releases that are candidates beside what the stage `fetch.versions` answers, such as what is installed; a page bears its source. */
  readonly present?: readonly VersionPage[];
  /** Of a package that has any, the files with one of these digests are taken, where the release has such files. */
  readonly hashes?: ReadonlyMap<PackageName, readonly Sha256[]>;
  readonly policy: ResolutionPolicy;
}

export interface ResolutionPolicy {
  readonly resolution: "highest" | "lowest" | "lowest-direct";
  readonly prerelease: "disallow" | "allow" | "if-necessary" | "explicit";
  readonly prefersBinary: boolean;
  /** Names whose sdists may not be built; `:all:` for every one. */
  readonly noBuild: readonly string[];
  /** Names whose wheels may not be used; `:all:` for every one. */
  readonly noBinary: readonly string[];
  /** Only what is demanded itself, without what that requires. */
  readonly ignoresDependencies?: boolean;
  /** Names whose pre-releases count as any other release. */
  readonly prereleasesOf?: readonly string[];
  /** Files uploaded later do not exist. Milliseconds since the epoch. */
  readonly excludeNewerMs?: number;
  /** Cut-offs of single packages in place of that and of an index's own; null for none. */
  readonly excludeNewerPackages?: Readonly<Record<string, number | null>>;
}

/** The policy when nothing is configured. */
export const DEFAULT_POLICY: ResolutionPolicy = Object.freeze({
  resolution: "highest",
  prerelease: "if-necessary",
  prefersBinary: false,
  noBuild: Object.freeze([]),
  noBinary: Object.freeze([]),
});

/** One chosen release: exactly which distribution, from where, and why. */
export interface Pin {
  readonly name: PackageName;
  readonly version: string;
  readonly source: Source;
  /** The file to install on the request's target. */
  readonly file: DistributionFile;
  readonly extras: readonly Extra[];
  /** Edges to other pins of the same resolution, markers already applied. */
  readonly dependencies: readonly Edge[];
  /** Asked for by a demand rather than by another pin. */
  readonly isDirect: boolean;
}
export interface Edge {
  readonly name: PackageName;
  readonly extras: readonly Extra[];
  readonly specifier: string;
}

/** The answer to a request. A lock file is a Resolution written down. Pins are sorted by name. */
export interface Resolution {
  readonly pins: readonly Pin[];
  readonly target: Target;
  readonly isFromCache: boolean;
  /** Versions the solver decided on and gave up again. */
  readonly attempts: number;
  /** What was told of it, such as `W_YANKED`: whoever gives the resolution again tells it again. */
  readonly warnings?: readonly Diagnostic[];
  /**
   * The pages that decided it. Absent where more did than the request and these pages: a direct reference, a
   * build that failed, a file without a digest.
   */
  readonly consulted?: readonly PageName[];
}

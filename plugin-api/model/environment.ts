import type { Blake3, Sha256 } from "./digest.ts";
import type { Interpreter, Scheme } from "./interpreter.ts";
import type { PackageName } from "./requirement.ts";
import type { Pin } from "./resolution.ts";

/** One distribution found in an environment, read from its `.dist-info` folder. */
export interface Installed {
  readonly name: PackageName;
  readonly version: string;
  /** Absolute path of the `.dist-info` (or `.egg-info`) folder. */
  readonly infoPath: string;
  /** SHA-256 of the wheel it came from, when this tool installed it. */
  readonly wheelSha256?: Sha256;
  /** Text of its `direct_url.json` (PEP 610), when this tool installed it from a commit of a repository. */
  readonly directUrl?: string;
  /** Files of it were links into a store that is gone; it has to be installed anew. */
  readonly isLost?: true;
}

/** A place where packages are installed: a directory, the interpreter it belongs to, and what is in it. */
export interface Environment {
  /** Absolute path. */
  readonly root: string;
  readonly interpreter: Interpreter;
  /** Absolute path of the environment's own executable, such as `<root>/bin/python`. */
  readonly python: string;
  readonly sitePackages: string;
  readonly installed: readonly Installed[];
}

/** Where an environment is to be. The folder may not exist yet; its parent is made. */
export interface Destination {
  /** Absolute path the environment will have, also in its scripts. */
  readonly root: string;
  readonly interpreter: Interpreter;
  /** Name shown by an activated shell; default the name of the project's or the environment's folder. */
  readonly prompt?: string;
  /** Packages of the interpreter itself can be imported too (`include-system-site-packages`). */
  readonly seesSystemSite?: boolean;
  /** Site-packages of an environment whose packages can be imported too, after its own. Of a new environment only. */
  readonly over?: string;
  /** Also removes what the resolution does not name. Always true for a new environment. */
  readonly isExact: boolean;
  /** Where it is not exact, what goes all the same if the resolution does not name it. */
  readonly removes?: ReadonlySet<string>;
  /** Whatever environment is there is replaced as a whole. One of another interpreter always is. */
  readonly isRebuilt?: boolean;
  /**
   * The root is no environment, but a folder that the interpreter is to find packages in (pip's `--prefix`, `--user`): where
   * in it they go. It need not be empty.
   */
  readonly scheme?: Scheme;
}

/** How files get from the store into an environment (SPEC KEY-08). */
export type LinkMode = "auto" | "tree" | "clone" | "hardlink" | "copy";

/**
 * `pybun.json` in an environment's folder (SPEC ENV-09): what made it as it is. A fact to trust only while site-packages has
 * the same time of change.
 */
export interface EnvironmentStamp {
  readonly format: 1;
  /** Version of the product that wrote it. */
  readonly pybun: string;
  readonly interpreter: { readonly path: string; readonly version: string; readonly identity: string };
  /** How packages were put in; `auto` is never recorded. Absent while there are none. */
  readonly linkMode?: Exclude<LinkMode, "auto">;
  /** Later changes keep to this link mode as long as none is asked for. */
  readonly keepsMode?: true;
  /** Counts the changes of the environment. */
  readonly generation: number;
  /** Digest of the last plan carried out. */
  readonly plan?: string;
  /** SHA-256 of the lock it was made equal to; set by whoever syncs from one, gone after any other change. */
  readonly lockSha256?: Sha256;
  /** Hash and size of each command, as RECORD would say them, by its path there: RECORD is the same in all environments. */
  readonly commands?: Readonly<Record<string, string>>;
  /** Name of the image that was kept of it; gone after any change. */
  readonly image?: string;
  /** Time of change of site-packages when this was written, milliseconds. */
  readonly siteMtimeMs: number;
  /** SHA-256 of each wheel installed from the store, by the name of its `.dist-info` folder. */
  readonly wheels: Readonly<Record<string, Sha256>>;
  /** Text of `direct_url.json` of each one that comes from a commit of a repository, by the same name. */
  readonly origins?: Readonly<Record<string, string>>;
}

/** A pure difference between what is and what shall be; computed before anything is touched. A dry run prints it. */
export interface Plan {
  readonly destination: Destination;
  /** The environment as it is now; undefined when it has to be made. */
  readonly existing: Environment | undefined;
  readonly install: readonly Pin[];
  readonly keep: readonly Installed[];
  readonly remove: readonly Installed[];
  /** SHA-256 over destination, install, keep and remove: equal plans have equal digests. */
  readonly digest: string;
}

/** A wheel unpacked once in the store, immutable and shared (SPEC STO-03). */
export interface StoreEntry {
  /** BLAKE3 of the wheel's canonical detached DPP record (SPEC DPP-03). */
  readonly id: Blake3;
  /** Folder of the entry; `tree/` below it is the unpacked wheel. */
  readonly path: string;
  readonly wheelSha256: Sha256;
  readonly filename: string;
}

/** One pin made real: its wheel is in the store. */
export interface Artifact {
  readonly pin: Pin;
  readonly entry: StoreEntry;
}

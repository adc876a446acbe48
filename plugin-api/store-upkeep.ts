import type { DppParts } from "./dpp/parts.ts";
import type { Blake3 } from "./model/digest.ts";
import { serviceKey } from "./service.ts";

/** Looks after the store as a whole (SPEC STO-08, GC-01 to GC-06): what is in it, whether it is as it was made, what can go. */
export interface StoreUpkeep {
  /** All entries, whole or not, found as they are asked for. */
  entries(): Iterable<KeptEntry>;
  /** Sizes of an entry's files, by a walk over its tree. */
  usage(entry: KeptEntry): EntryUsage;
  /** Links of an environment into the store, and the wheels that its stamp says it was made of. Never throws. */
  held(environment: string): HeldByEnvironment;
  /**
   * Reads all files of an entry and compares names, contents and bytecode with what was taken in; memory does not grow with their
   * size. Throws the signal's reason.
   */
  check(entry: KeptEntry, signal: AbortSignal): Promise<EntryCheck>;
  /**
   * An entry's wheel as the parts of a DPP, with the contents of its files and the byte-code that was compiled for them. Throws
   * `E_STORE_DAMAGED` where a file is not what the record says.
   */
  parts(entry: KeptEntry): Promise<DppParts>;
  /** Removes the bytecode of an entry that is wrong, and what says that it was compiled: it will be compiled again. */
  forgetBytecode(entry: KeptEntry, faults: readonly EntryFault[]): void;
  /**
   * Takes entries out of the store while nobody begins to use one: `choose` is called then, and may look at environments. What
   * a running command may be about to link stays. Gives those that were removed. Throws `E_LOCK_BUSY`.
   */
  remove(choose: () => readonly KeptEntry[], reason: "unused" | "damaged"): Promise<readonly KeptEntry[]>;
  /**
   * Removes files that no entry shares any more, what leads to entries that are gone, and empty folders. `distrusted`: numbers of
   * files (inodes) whose content is wrong; shared files of these numbers go, and files that are not used now are read.
   * Gives the bytes freed, or in a dry run those that would be.
   */
  sweep(order: { readonly isDryRun: boolean; readonly distrusted?: ReadonlySet<number> }): Promise<Swept>;
}
export interface HeldByEnvironment {
  readonly links: readonly { readonly at: string; readonly id: string }[];
  /** Id of the entry of each distribution, by the name of its `.dist-info` folder. */
  readonly distributions: ReadonlyMap<string, string>;
}
/** A folder of the store that holds, or should hold, an unpacked wheel. */
export interface KeptEntry {
  readonly id: Blake3;
  readonly path: string;
  /** Name and version of the distribution; the id where they can't be told. */
  readonly label: string;
  /** Milliseconds; 0 when it is not told. */
  readonly lastUsedMs: number;
}
export interface EntryUsage {
  readonly files: number;
  /** Of the files that nothing else holds: they are freed when the entry goes. */
  readonly ownBytes: number;
  /** Files that other entries or environments hold too, by number (inode). */
  readonly shared: ReadonlyMap<number, SharedUsage>;
}
export interface SharedUsage {
  readonly bytes: number;
  /** Names it has anywhere. */
  readonly links: number;
  /** Names it has in this entry. */
  readonly linksHere: number;
}
export interface EntryCheck {
  readonly files: number;
  readonly bytes: number;
  readonly faults: readonly EntryFault[];
  /** Numbers (inodes) of files with a wrong content. */
  readonly wrongFiles: readonly number[];
}
export interface EntryFault {
  /** Relative to the entry's tree; empty for the entry as a whole. */
  readonly path: string;
  /** Completes "the file …": `is missing`, `has another content`. */
  readonly what: string;
  /** Only bytecode: the entry stays, and is compiled again. */
  readonly isBytecode: boolean;
}
export interface Swept {
  readonly files: number;
  readonly bytes: number;
}
export const StoreUpkeep = serviceKey<StoreUpkeep>("StoreUpkeep");

import { serviceKey } from "./service.ts";

/** What the store knows of the wheels it has unpacked, without a look into their folders. */
export interface StoreTrees {
  /** The unpacked wheel that a path leads into; undefined for every other path. Absolute; what it leads to is not looked at. */
  at(path: string): StoreTree | undefined;
  /** Of a folder of an unpacked wheel, by its time: nobody has added, removed or replaced anything in it. Not of those below. */
  isSealed(folder: { readonly mtimeMs: number }): boolean;
}
export interface StoreTree {
  /** Absolute. */
  readonly path: string;
  /**
   * Its files for site-packages whose names have one of these endings, relative to `path`, without metadata and the bytecode that was
   * compiled here. Undefined where another version made the tree, or its record can't be read.
   */
  filesEnding(endings: readonly string[]): readonly string[] | undefined;
}
export const StoreTrees = serviceKey<StoreTrees>("StoreTrees");

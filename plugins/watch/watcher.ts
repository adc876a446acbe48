import path from "node:path";
import { type Change, gatherChanges } from "./gather.ts";
import type { Matcher } from "./patterns.ts";
import { type FileState, isLeftOut, relativeTo, scan } from "./tree.ts";

/** What a back end tells of, and what it may ask. */
export interface Sight {
  readonly roots: readonly string[];
  /** Folders that are watched as far as is known. */
  readonly folders: Set<string>;
  readonly files: ReadonlyMap<string, FileState>;
  isWatched(file: string): boolean;
  touch(file: string, isOpen?: boolean): void;
  /** Looks at a folder anew: gives the folders below that were not known, itself included, and touches the files that differ. */
  look(folder: string): readonly string[];
  /** Forgets a folder and all that was below it. */
  forget(folder: string): void;
}

export interface Backend {
  /** `inotify`, `system`, `polling`, `inotifywait`, … */
  readonly name: string;
  /** Of a program that watches. */
  readonly pid?: number | undefined;
  stop(): void;
}

export interface WatchOrder {
  /** Absolute folders. */
  readonly roots: readonly string[];
  readonly patterns: Matcher;
  readonly debounceMs: number;
  readonly open: (sight: Sight) => Backend;
  readonly onChanges: (changes: readonly Change[]) => void;
}

export interface Watcher {
  readonly backend: string;
  readonly files: ReadonlyMap<string, FileState>;
  readonly folders: ReadonlySet<string>;
  stop(): void;
}

/** Watches folders until it is stopped. */
export function watchFolders({ roots, patterns, debounceMs, open, onChanges }: WatchOrder): Watcher {
  const files = new Map<string, FileState>();
  const folders = new Set<string>();
  const gather = gatherChanges(files, { debounceMs, onChanges });
  const rootOf = (file: string) => roots.find((root) => file === root || file.startsWith(`${root}${path.sep}`));
  const sight: Sight = {
    roots,
    folders,
    files,
    isWatched(file) {
      const root = rootOf(file);
      if (root === undefined || !patterns.isWatchedFile(relativeTo(root, file))) return false;
      return !isLeftOut(root, file, patterns);
    },
    touch: gather.touch,
    look(folder) {
      const root = rootOf(folder);
      if (root === undefined || (folder !== root && isLeftOut(root, folder, patterns))) return [];
      const tree = scan(folder, root, patterns);
      for (const [file, state] of tree.files) if (files.get(file) !== state) gather.touch(file);
      for (const file of files.keys()) if (isBelow(file, folder) && !tree.files.has(file)) gather.touch(file);
      const fresh = tree.folders.filter((each) => !folders.has(each));
      for (const each of fresh) folders.add(each);
      return fresh;
    },
    forget(folder) {
      for (const each of folders) if (each === folder || isBelow(each, folder)) folders.delete(each);
      for (const file of files.keys()) if (isBelow(file, folder)) gather.touch(file);
    },
  };
  for (const root of roots) {
    const tree = scan(root, root, patterns);
    for (const folder of tree.folders) folders.add(folder);
    for (const [file, state] of tree.files) files.set(file, state);
  }
  const backend = open(sight);
  const stop = (): void => {
    gather.stop();
    backend.stop();
  };
  return { backend: backend.name, files, folders, stop };
}

const isBelow = (file: string, folder: string): boolean => file.startsWith(`${folder}${path.sep}`);

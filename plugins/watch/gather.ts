import { type FileState, fileState } from "./tree.ts";

/** A watched file that is not as it was. */
export interface Change {
  /** Absolute. */
  readonly path: string;
  readonly kind: "changed" | "added" | "removed";
}

export interface GatherOptions {
  /** How long nothing may happen before what happened is told. */
  readonly debounceMs: number;
  readonly onChanges: (changes: readonly Change[]) => void;
}

/** A file that is gone, or being written, gets this long to come back: editors move the old one away before they write the new one. */
const GRACE_MS = 100;

/**
 * Makes one telling of what belongs together (SPEC WAT-04): everything until it has been quiet for `debounceMs`, and of each file only
 * whether it differs from what was told last.
 */
export function gatherChanges(files: Map<string, FileState>, { debounceMs, onChanges }: GatherOptions) {
  const touched = new Set<string>();
  const open = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let graceEndsAtMs = 0;

  const tell = (): void => {
    const isWaiting = [...touched].some((file) => open.has(file) || (files.has(file) && fileState(file) === undefined));
    if (isWaiting && Date.now() < graceEndsAtMs) return arm();
    const changes = [...touched].flatMap((file) => changeOf(file, files) ?? []);
    touched.clear();
    open.clear();
    graceEndsAtMs = 0;
    if (changes.length > 0) onChanges(changes.sort((a, b) => (a.path < b.path ? -1 : 1)));
  };
  const arm = (): void => {
    clearTimeout(timer);
    timer = setTimeout(tell, debounceMs);
  };
  return {
    /** Something happened to a file; `isOpen` while it is being written. */
    touch(file: string, isOpen = false): void {
      touched.add(file);
      if (isOpen) open.add(file);
      else open.delete(file);
      if (graceEndsAtMs === 0) graceEndsAtMs = Date.now() + debounceMs + GRACE_MS;
      arm();
    },
    stop: () => clearTimeout(timer),
  };
}

/** Notes what the file is now. */
function changeOf(path: string, files: Map<string, FileState>): Change | undefined {
  const [before, now] = [files.get(path), fileState(path)];
  if (before === now) return undefined;
  if (now === undefined) files.delete(path);
  else files.set(path, now);
  return { path, kind: before === undefined ? "added" : now === undefined ? "removed" : "changed" };
}

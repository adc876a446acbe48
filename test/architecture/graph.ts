import type { Import, SourceFile } from "./source-file.ts";

/** Imports that run when `entry` is imported, each target once: static ones only, nothing behind `import()`. */
export const loadedWith = (files: readonly SourceFile[], entry: string): readonly Import[] =>
  reach(files, [entry], (each) => each.when === "static");

/** Imports that can run at all, or are named as types, from any of the entries. */
export const reachableFrom = (files: readonly SourceFile[], entries: readonly string[]): readonly Import[] =>
  reach(files, entries, () => true);

function reach(files: readonly SourceFile[], entries: readonly string[], follows: (each: Import) => boolean): Import[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const seen = new Map<string, Import>();
  const visit = (path: string): void => {
    for (const each of byPath.get(path)?.imports ?? []) {
      if (!follows(each) || seen.has(each.target)) continue;
      seen.set(each.target, each);
      visit(each.target);
    }
  };
  for (const entry of entries) visit(entry);
  return [...seen.values()];
}

/** Circles of static imports, each as the list of its files. */
export function importCircles(files: readonly SourceFile[]): string[][] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const done = new Set<string>();
  const circles: string[][] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start !== -1) circles.push([...trail.slice(start), path]);
    if (start !== -1 || done.has(path)) return;
    for (const each of byPath.get(path)?.imports ?? [])
      if (each.when === "static") visit(each.target, [...trail, path]);
    done.add(path);
  };
  for (const file of files) visit(file.path, []);
  return circles;
}

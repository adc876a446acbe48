import type { SourceFile } from "./source-file.ts";

/** Files and modules that run when `entry` is imported: static imports only, nothing behind `import()`. */
export function loadedWith(files: readonly SourceFile[], entry: string): Set<string> {
  return reach(files, entry, (kind) => kind === "static");
}

/** Files and modules that `entry` can load at all. */
export function reachableFrom(files: readonly SourceFile[], entry: string): Set<string> {
  return reach(files, entry, (kind) => kind !== "type");
}

function reach(files: readonly SourceFile[], entry: string, follows: (kind: string) => boolean): Set<string> {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const seen = new Set([entry]);
  for (const path of seen) {
    for (const each of byPath.get(path)?.imports ?? []) if (follows(each.when)) seen.add(each.target);
  }
  return seen;
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

import path from "node:path";

/** A path for people: relative inside `cwd`, below the home directory with `~`, else as it is. Both are absolute. */
export function showPath(file: string, { cwd, home }: { readonly cwd: string; readonly home: string }): string {
  const below = (folder: string) => {
    const relative = path.relative(folder, file);
    return relative === ".." || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative)
      ? undefined
      : relative;
  };
  const inCwd = below(cwd);
  if (inCwd !== undefined) return inCwd === "" ? "." : inCwd;
  const inHome = home === "" ? undefined : below(home);
  return inHome === undefined ? file : inHome === "" ? "~" : path.join("~", inHome);
}

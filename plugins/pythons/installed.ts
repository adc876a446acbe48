import fs from "node:fs";
import path from "node:path";
import { newestFirst, type PythonArchive, readFolderName } from "./archive-name.ts";

/** A Python in the data directory's `pythons/`. */
export interface InstalledPython extends Pick<PythonArchive, "version" | "isFreeThreaded" | "target"> {
  /** Name of its folder. */
  readonly name: string;
  readonly root: string;
  readonly executable: string;
}

export const managedRoot = ({ dataDir }: { readonly dataDir: string }): string => path.join(dataDir, "pythons");

/** Where an installation has its executable, relative to its folder. */
export function executableOf(
  { version, isFreeThreaded }: Pick<PythonArchive, "version" | "isFreeThreaded">,
  platform: string,
) {
  const [major, minor] = version.split(".");
  return platform === "win32" ? "python.exe" : path.join("bin", `python${major}.${minor}${isFreeThreaded ? "t" : ""}`);
}

/** What is installed, newest first. A folder is there with all it needs or not at all. */
export function installedPythons(host: {
  readonly dataDir: string;
  readonly platform: string;
}): readonly InstalledPython[] {
  const folder = managedRoot(host);
  const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  const found = names.flatMap((name): InstalledPython[] => {
    const known = readFolderName(name);
    if (known === undefined) return [];
    const root = path.join(folder, name);
    return [{ ...known, name, root, executable: path.join(root, executableOf(known, host.platform)) }];
  });
  return newestFirst(found);
}

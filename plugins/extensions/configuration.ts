import fs from "node:fs";
import path from "node:path";
import type { Host } from "../../plugin-api/services.ts";
import { writeAtomically } from "../../plugin-api/system/atomic-file.ts";
import { userConfigDir } from "../../plugin-api/system/directories.ts";
import { appendToTomlArray, itemsOfTomlArray, removeFromTomlArray } from "../../plugin-api/toml-array.ts";

/** The configuration file that plugins are named in, and the folder relative names start from. */
export interface Naming {
  readonly file: string;
  readonly from: string;
}

/** `--user`, else the project's own file where there is a project, else the user's. */
export function namingFile(host: Host, options: { readonly user: boolean; readonly project: boolean }): Naming {
  const root = host.projectRoot ?? (options.project ? host.cwd : undefined);
  if (!options.user && root !== undefined) return { file: path.join(root, ".pybun", "config.toml"), from: root };
  const folder = userConfigDir(host.env, host.home, host.platform);
  return { file: path.join(folder, "config.toml"), from: folder };
}

/** The names the file lists. */
export const namedPlugins = ({ file }: Naming): readonly string[] => itemsOfTomlArray(read(file), KEY) ?? [];

/** Adds a name to the file's list; everything else in the file stays as it is. */
export const addName = ({ file }: Naming, name: string): void => write(file, appendToTomlArray(read(file), KEY, name));

/** Takes a name out of the file's list. */
export const removeName = (naming: Naming, name: string): void =>
  write(naming.file, removeFromTomlArray(read(naming.file), KEY, namedPlugins(naming).indexOf(name)));

const KEY = ["plugins"];

const read = (file: string): string => (fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "");

function write(file: string, text: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  writeAtomically(file, text, { isDurable: true });
}

// Imported by the fast path: not even node:fs and node:path may be imported here.
import { fileState, hashOf } from "./native.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** What a text is kept under, in a folder that the environment variables alone name; undefined where these say nothing. */
export const keptUnder = (folder: string, text: string, env: Variables): string | undefined =>
  placeUnder(folder, hashOf(text), env);

/** A place in a folder of the data directory, where the environment variables alone name that; else undefined. */
export function placeUnder(folder: string, name: string, env: Variables): string | undefined {
  const cache = env["XDG_CACHE_HOME"] ?? (env["HOME"] && `${env["HOME"]}/.cache`);
  const root = env["PYBUN_HOME"] ?? (cache && `${cache}/pybun`);
  return root && `${root}/${folder}/${name}`;
}

/** `<mtime> <size> <path>` or `absent 0 <path>`; a link counts as what it points to. */
export const stateLine = (file: string): string => `${fileState(file)} ${file}`;

/** The path in such a line. */
export const pathIn = (line: string): string => line.slice(line.indexOf(" ", line.indexOf(" ") + 1) + 1);

/** Whether the file is still as the line says. */
export const holds = (line: string): boolean => stateLine(pathIn(line)) === line;

/** A folder in which certain files decide, whether they are there or not. */
export interface StampedFolder {
  /** Line of the folder itself: as long as it holds, nothing came into it or went. Empty when that can't be told. */
  readonly line: string;
  /** Lines of those files, for when it does not. */
  readonly marks: readonly string[];
}

/** Whether those files are still as their lines say. */
export const folderHolds = ({ line, marks }: StampedFolder): boolean =>
  (line !== "" && holds(line)) || marks.every(holds);

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

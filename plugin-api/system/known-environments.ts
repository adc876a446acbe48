import fs from "node:fs";
import path from "node:path";
import { sha256Of } from "../hash/native.ts";

/** Folder of the notes below the data directory: a file for each environment, with its path. */
const NOTES = "environments";
const isEnvironment = (root: string): boolean => fs.existsSync(path.join(root, "pyvenv.cfg"));

/**
 * Notes that an environment is about to hold links into the store, wherever it lies, so that nothing it needs is collected
 * (SPEC GC-05). One stat when it is known. Those in `tmp` end with their process and are found there. Never fails the command:
 * the data directory may be read-only.
 */
export function noteEnvironment(dataDir: string, root: string): void {
  if (root.startsWith(path.join(dataDir, "tmp") + path.sep)) return;
  const file = path.join(dataDir, NOTES, sha256Of(root).slice(0, 32));
  if (fs.existsSync(file)) return;
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, root);
  } catch {}
}

/** Takes back what `noteEnvironment` noted of an environment that was removed. */
export const forgetEnvironment = (dataDir: string, root: string): void =>
  fs.rmSync(path.join(dataDir, NOTES, sha256Of(root).slice(0, 32)), { force: true });

/** Environments, and installations of Python, that links were put into, and the environments in the data directory itself; only those that exist. Absolute. */
export function knownEnvironments(dataDir: string): readonly string[] {
  const noted = readNotes(dataDir).flatMap(({ root }) => (fs.existsSync(root) ? [root] : []));
  const own = ["envs", "envs/global", "pep723-envs", "tools", "tmp"].flatMap((name) =>
    foldersIn(path.join(dataDir, name)).filter(isEnvironment),
  );
  return [...new Set([...noted, ...own])].sort();
}

/** Notes of environments that are gone; one made in the last hour may be about to come. Absolute paths of the files. */
export function staleNotes(dataDir: string): readonly string[] {
  const HOUR_MS = 3_600_000;
  const isOld = (file: string): boolean =>
    Date.now() - (fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) > HOUR_MS;
  return readNotes(dataDir).flatMap(({ file, root }) => (!fs.existsSync(root) && isOld(file) ? [file] : []));
}

function readNotes(dataDir: string): readonly { readonly file: string; readonly root: string }[] {
  return foldersIn(path.join(dataDir, NOTES)).flatMap((file) => {
    try {
      const root = fs.readFileSync(file, "utf8");
      return path.isAbsolute(root) ? [{ file, root }] : [];
    } catch {
      return [];
    }
  });
}

function foldersIn(folder: string): readonly string[] {
  try {
    return fs.readdirSync(folder).map((name) => path.join(folder, name));
  } catch {
    return [];
  }
}

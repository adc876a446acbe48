import fs from "node:fs";
import path from "node:path";
import { sha256Of } from "../../plugin-api/hash/native.ts";
import type { Host } from "../../plugin-api/services.ts";
import { type InstalledPython, managedRoot } from "./installed.ts";

// An environment can be anywhere, so each that is made with one of our interpreters is noted. The note is believed only as long
// as the environment itself says the same.

type Data = Pick<Host, "dataDir">;

const notesFor = (host: Data, name: string): string => path.join(managedRoot(host), ".environments", name);

/** Notes that the environment at `root` was made with the interpreter at `basePath`, if that is one of ours. */
export function noteUser(root: string, basePath: string, host: Data): void {
  const [name, ...rest] = path.relative(managedRoot(host), basePath).split(path.sep);
  if (name === undefined || name === ".." || rest.length === 0 || isCached(root, host)) return;
  const note = path.join(notesFor(host, name), sha256Of(root).slice(0, 32));
  if (fs.existsSync(note)) return;
  fs.mkdirSync(path.dirname(note), { recursive: true });
  fs.writeFileSync(note, root);
}

/** Environments that would be broken without the installation, sorted. */
export function usersOf(python: InstalledPython, host: Data & Pick<Host, "projectRoot" | "env">): readonly string[] {
  const { projectRoot, env } = host;
  const near = [projectRoot && path.join(projectRoot, ".pybun", "venv"), env["VIRTUAL_ENV"]];
  const known = [...notedFor(python, host), ...foldersIn(path.join(host.dataDir, "envs")), ...near];
  return [...new Set(known)].flatMap((root) => (root && isMadeWith(root, python) ? [root] : [])).sort();
}

/** Forgets who used an installation that is gone. */
export const forgetUsers = (name: string, host: Data): void =>
  fs.rmSync(notesFor(host, name), { recursive: true, force: true });

/** Environments of scripts and single calls are made anew when they are needed. */
const isCached = (root: string, { dataDir }: Data): boolean =>
  ["pep723-envs", "tmp"].some((folder) => root.startsWith(path.join(dataDir, folder) + path.sep));

function notedFor({ name }: InstalledPython, host: Data): readonly string[] {
  return foldersIn(notesFor(host, name)).flatMap((note) => {
    try {
      return [fs.readFileSync(note, "utf8")];
    } catch {
      return [];
    }
  });
}

const foldersIn = (folder: string): readonly string[] =>
  fs.existsSync(folder) ? fs.readdirSync(folder).map((name) => path.join(folder, name)) : [];

function isMadeWith(root: string, python: InstalledPython): boolean {
  const config = path.join(root, "pyvenv.cfg");
  if (!fs.existsSync(config)) return false;
  const home = /^home\s*=\s*(.+?)\s*$/m.exec(fs.readFileSync(config, "utf8"))?.[1];
  return home !== undefined && `${path.resolve(home)}${path.sep}`.startsWith(python.root + path.sep);
}

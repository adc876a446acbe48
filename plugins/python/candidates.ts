import fs from "node:fs";
import path from "node:path";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import { type Hint, mayMatch, type VersionWish } from "../../plugin-api/python/interpreter-request.ts";
import { type Folder, folders, managedRoot, type Place, type Visit } from "./folders.ts";
import { isShim, pyenvRoot } from "./shims.ts";

/** An executable that looks like a Python, by the name of its file. */
export interface Candidate {
  /** Real path: aliases are one candidate. */
  readonly path: string;
  readonly source: Interpreter["source"];
  readonly hint: Hint | undefined;
}

export const OLDEST_MINOR = 9;
/** Newer ones are found by the names `python3` and `python`, and by their folders. */
const NEWEST_NAMED_MINOR = 17;
const FIRST_FREE_THREADED_MINOR = 13;

/** Candidates in order of discovery (SPEC PY-09), each real executable once; a wish leaves out what its name rules out. */
export function candidates(place: Place, wish?: VersionWish, visit: Visit = () => undefined): Candidate[] {
  const found = new Map<string, Candidate>();
  const seen = new Set<string>();
  for (const folder of folders(place, visit)) {
    const installed = folder.installation === undefined ? undefined : hintOfInstallation(folder.installation);
    if (installed && isOut(installed, wish)) continue;
    for (const name of namesFor(folder, installed, wish)) {
      const file = path.join(folder.path, place.platform === "win32" ? `${name}.exe` : name);
      if (seen.has(file) || !isExecutable(file)) continue;
      seen.add(file);
      const real = fs.realpathSync(file);
      if (!found.has(real)) {
        const hint = installed ?? hintOfFile(real);
        if ((hint && isOut(hint, wish)) || isShim(real, place.platform)) continue;
        found.set(real, { path: real, source: sourceOf(real, folder, place), hint });
      }
      if (installed) break;
    }
  }
  return [...found.values()];
}

/** Unsupported, or not what is wished for. */
const isOut = (hint: Hint, wish: VersionWish | undefined): boolean =>
  hint.minor[0] !== 3 || hint.minor[1] < OLDEST_MINOR || (wish !== undefined && !mayMatch(wish, hint));

function namesFor(folder: Folder, installed: Hint | undefined, wish: VersionWish | undefined): readonly string[] {
  if (folder.only !== undefined)
    return [path.parse(folder.only).ext === ".exe" ? path.parse(folder.only).name : folder.only];
  const minor = installed?.minor ?? wish?.minor;
  const program = PROGRAMS[installed?.implementation ?? wish?.implementation ?? ""];
  if (minor && program)
    return [`${program}${minor.join(".")}`, `${program}${minor.join(".")}t`, `${program}3`, program];
  return program ? ALL_NAMES.filter((name) => name.startsWith(program)) : ALL_NAMES;
}

const PROGRAMS: Readonly<Record<string, string>> = { cpython: "python", pypy: "pypy", graalpy: "graalpy" };
const ALL_NAMES: readonly string[] = [
  ...minorNames("python", NEWEST_NAMED_MINOR),
  "python3",
  "python",
  "pypy3",
  ...minorNames("pypy", 11),
  "pypy",
  "graalpy",
];

function minorNames(program: string, newest: number): string[] {
  const names: string[] = [];
  for (let minor = newest; minor >= OLDEST_MINOR; minor--) {
    names.push(`${program}3.${minor}`);
    if (program === "python" && minor >= FIRST_FREE_THREADED_MINOR) names.push(`${program}3.${minor}t`);
  }
  return names;
}

/** What an executable's name tells: `python3.13t`, `pypy3.10`, `python2.7`. */
export function hintOfFile(file: string): Hint | undefined {
  const found = /^(python|pypy|graalpy)(\d)\.(\d+)(t?)(?:\.exe)?$/.exec(path.basename(file));
  if (!found) return undefined;
  const [, program, major, minor, threads] = found;
  const implementation = program === "python" ? "cpython" : (program as string);
  return { implementation, minor: [Number(major), Number(minor)], isFreeThreaded: threads === "t" };
}

const INSTALLATION =
  /^(?:(cpython|pypy|graalpy)-?)?(\d)\.(\d+)(?:\.(\d+(?:(?:a|b|rc)\d+)?))?(t|\+freethreaded)?(?:[-+].*)?$/;

/** What a folder's name tells: `3.12.1`, `3.13.0t`, `pypy3.10-7.3.17`, `cpython-3.12.1-x86_64-linux-gnu`. */
export function hintOfInstallation(name: string): Hint | undefined {
  const found = INSTALLATION.exec(name);
  if (!found) return undefined;
  const [, implementation = "cpython", major, minor, patch, threads] = found;
  const hint: Hint = { implementation, minor: [Number(major), Number(minor)], isFreeThreaded: threads !== undefined };
  return patch === undefined ? hint : { ...hint, version: `${major}.${minor}.${patch}` };
}

/** The place tells more than the way it was found: `/usr/bin` is the system's, also when it is on PATH. */
export function sourceOf(real: string, folder: Pick<Folder, "source">, place: Place): Interpreter["source"] {
  const lies = (root: string): boolean => real.startsWith(root + path.sep);
  if (lies(managedRoot(place))) return "managed";
  if (lies(path.join(pyenvRoot(place.env, place.home), "versions"))) return "pyenv";
  if (/[/\\](?:Cellar|homebrew|linuxbrew|\.linuxbrew)[/\\]/.test(real)) return "homebrew";
  if (["/usr/bin", "/bin", "/usr/local/bin"].includes(path.dirname(real))) return "system";
  if (fs.existsSync(path.join(path.dirname(real), "..", "conda-meta"))) return "conda";
  return folder.source;
}

function isExecutable(file: string): boolean {
  try {
    const stat = fs.statSync(file, { throwIfNoEntry: false });
    return stat !== undefined && stat.isFile() && (process.platform === "win32" || (stat.mode & 0o111) !== 0);
  } catch {
    return false;
  }
}

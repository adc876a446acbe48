import fs from "node:fs";
import path from "node:path";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import { installsBehindShims, pyenvRoot } from "./shims.ts";
import { baseExecutable, executableIn, executablesOf, readVenv } from "./virtual.ts";

export interface Place {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** `linux`, `darwin`, `win32`. */
  readonly platform: string;
  readonly dataDir: string;
}

/** A folder that may hold interpreters. */
export interface Folder {
  readonly path: string;
  readonly source: Interpreter["source"];
  /** Name of the folder of one installation, such as `3.12.1`: it tells the version, and that only one Python is in it. */
  readonly installation?: string;
  /** The only executable meant, when the folder is known through it. */
  readonly only?: string;
}

/** Is told every folder and file whose change may change what is found. */
export type Visit = (path: string) => void;

/** Where interpreters are looked for, in order (SPEC PY-09), each folder once. */
export function* folders(place: Place, visit: Visit): Generator<Folder> {
  const seen = new Set<string>();
  for (const folder of everyFolder(place, visit)) {
    if (seen.has(folder.path)) continue;
    if (folder.only === undefined) seen.add(folder.path);
    visit(folder.path);
    yield folder;
  }
}

function* everyFolder(place: Place, visit: Visit): Generator<Folder> {
  yield* installations(managedRoot(place), { place, visit, source: "managed" });
  yield* active(place, visit);
  yield* installations(path.join(pyenvRoot(place.env, place.home), "versions"), { place, visit, source: "pyenv" });
  yield* searchPath(place, visit);
  yield* systemFolders(place, visit);
  yield* conda(place, visit);
}

export const managedRoot = (place: Pick<Place, "dataDir">): string => path.join(place.dataDir, "pythons");

interface Look {
  readonly place: Place;
  readonly visit: Visit;
  readonly source: Folder["source"];
}

function* installations(root: string, { place, visit, source }: Look): Generator<Folder> {
  for (const name of namesIn(root, visit)) {
    // A virtual environment among pyenv's versions is another name for an interpreter that is found anyway.
    if (name.startsWith(".") || readVenv(path.join(root, name))) continue;
    yield { path: executablesOf(path.join(root, name), place.platform), source, installation: name };
  }
}

function* active({ env, platform }: Place, visit: Visit): Generator<Folder> {
  if (env["VIRTUAL_ENV"]) visit(path.join(env["VIRTUAL_ENV"], "pyvenv.cfg"));
  const venv = env["VIRTUAL_ENV"] ? readVenv(env["VIRTUAL_ENV"]) : undefined;
  const base = venv && baseExecutable(venv, executableIn(venv.root, platform));
  if (base !== undefined) yield { path: path.dirname(base), source: "active", only: path.basename(base) };
  if (env["CONDA_PREFIX"])
    yield { path: executablesOf(env["CONDA_PREFIX"], platform), source: "active", installation: "" };
}

function* searchPath(place: Place, visit: Visit): Generator<Folder> {
  const { env, home, platform } = place;
  const entries = (env["PATH"] ?? env["Path"] ?? "").split(platform === "win32" ? ";" : ":");
  for (const entry of new Set(entries)) {
    if (!path.isAbsolute(entry)) continue;
    const folder = path.normalize(entry).replace(/(?<=.)[/\\]$/, "");
    const installs = installsBehindShims(folder, env, home);
    if (installs !== undefined) yield* installations(installs, { place, visit, source: "path" });
    else if (!isInVenv(folder)) yield { path: folder, source: "path" };
  }
}

const isInVenv = (folder: string): boolean => fs.existsSync(path.join(path.dirname(folder), "pyvenv.cfg"));

function* systemFolders({ env, home, platform }: Place, visit: Visit): Generator<Folder> {
  const kegs = (prefix: string): string[] =>
    // Homebrew keeps versions that are not the default one out of its `bin`.
    namesIn(`${prefix}/opt`, visit).flatMap((name) =>
      name.startsWith("python@3") ? [`${prefix}/opt/${name}/bin`] : [],
    );
  if (platform === "win32") yield* windowsFolders(env, visit);
  else if (platform === "darwin") {
    const frameworks = "/Library/Frameworks/Python.framework/Versions";
    yield* each("homebrew", ["/opt/homebrew/bin", "/usr/local/bin", ...kegs("/opt/homebrew"), ...kegs("/usr/local")]);
    yield* each(
      "system",
      namesIn(frameworks, visit).map((name) => `${frameworks}/${name}/bin`),
    );
    yield* each("system", ["/opt/local/bin", "/Library/Developer/CommandLineTools/usr/bin"]);
  } else if (platform === "linux") {
    const brews = ["/home/linuxbrew/.linuxbrew", path.join(home, ".linuxbrew")];
    yield* each("system", ["/usr/bin", "/usr/local/bin"]);
    for (const brew of brews) yield* each("homebrew", [`${brew}/bin`, ...kegs(brew)]);
  }
}

function* each(source: Folder["source"], paths: readonly string[]): Generator<Folder> {
  for (const path of paths) yield { path, source };
}

function* windowsFolders(env: Place["env"], visit: Visit): Generator<Folder> {
  const own = env["LOCALAPPDATA"] && path.join(env["LOCALAPPDATA"], "Programs", "Python");
  for (const base of [own, env["ProgramFiles"], "C:\\"])
    for (const name of base === undefined ? [] : namesIn(base, visit))
      if (/^Python3\d+/.test(name)) yield { path: path.join(base as string, name), source: "system" };
}

const CONDA_HOMES = ["miniconda3", "miniforge3", "mambaforge", "anaconda3"];

function* conda(place: Place, visit: Visit): Generator<Folder> {
  for (const root of condaRoots(place, visit)) {
    visit(root);
    if (!fs.existsSync(root)) continue;
    const environments = path.join(root, "envs");
    const roots = [root, ...namesIn(environments, visit).map((name) => path.join(environments, name))];
    for (const one of roots) yield { path: executablesOf(one, place.platform), source: "conda", installation: "" };
  }
}

function condaRoots({ env, home, platform }: Place, visit: Visit): Set<string> {
  const program = env["CONDA_EXE"] ?? env["MAMBA_EXE"];
  const registered = path.join(home, ".conda", "environments.txt");
  visit(registered);
  return new Set([
    ...(program ? [path.dirname(path.dirname(program))] : []),
    ...(env["MAMBA_ROOT_PREFIX"] ? [env["MAMBA_ROOT_PREFIX"]] : []),
    ...CONDA_HOMES.map((name) => path.join(home, name)),
    ...(["linux", "darwin"].includes(platform) ? ["conda", ...CONDA_HOMES].map((name) => `/opt/${name}`) : []),
    ...(fs.existsSync(registered) ? fs.readFileSync(registered, "utf8").split(/\r?\n/).filter(path.isAbsolute) : []),
  ]);
}

/** Sorted; empty when there is no such folder or it may not be read. */
function namesIn(folder: string, visit: Visit): string[] {
  visit(folder);
  try {
    return fs.readdirSync(folder).sort();
  } catch {
    return [];
  }
}

import fs from "node:fs";
import path from "node:path";

/** What `pyvenv.cfg` (PEP 405) says of a virtual environment. */
export interface Venv {
  readonly root: string;
  /** Folder of the base interpreter's executable. */
  readonly home: string | undefined;
  /** Base executable as `venv` (3.11 and later) or `virtualenv` recorded it. */
  readonly executable: string | undefined;
  readonly version: string | undefined;
}

/** Reads `<root>/pyvenv.cfg`; undefined when the folder is no virtual environment. */
export function readVenv(root: string): Venv | undefined {
  const file = path.join(root, "pyvenv.cfg");
  if (!fs.statSync(file, { throwIfNoEntry: false })?.isFile()) return undefined;
  const text = fs.readFileSync(file, "utf8");
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const at = line.indexOf("=");
    if (at > 0) values.set(line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim());
  }
  return {
    root,
    home: values.get("home"),
    executable: values.get("base-executable") ?? values.get("executable"),
    version: values.get("version_info") ?? values.get("version"),
  };
}

/** The folder of an installation or conda environment that holds its executables. */
export const executablesOf = (root: string, platform: string): string =>
  platform === "win32" ? root : path.join(root, "bin");

/** The `python` of a virtual environment. */
export const executableIn = (root: string, platform: string): string =>
  platform === "win32" ? path.join(root, "Scripts", "python.exe") : path.join(root, "bin", "python");

/** The virtual environment an executable lies in, looked for as Python itself does: beside it and one folder up. */
export function venvOf(executable: string): Venv | undefined {
  const folder = path.dirname(executable);
  return readVenv(path.dirname(folder)) ?? readVenv(folder);
}

/** The interpreter a virtual environment was made from; undefined when it is gone. */
export function baseExecutable(venv: Venv, executable: string): string | undefined {
  const candidates = [realOutside(venv.root, executable), venv.executable, ...namesInHome(venv)];
  return candidates.find((file) => file !== undefined && fs.existsSync(file));
}

/** Where the environment's `python` leads, unless it is a copy inside the environment. */
function realOutside(root: string, executable: string): string | undefined {
  try {
    const real = fs.realpathSync(executable);
    const relative = path.relative(fs.realpathSync(root), real);
    return relative.startsWith("..") || path.isAbsolute(relative) ? real : undefined;
  } catch {
    return undefined;
  }
}

function namesInHome({ home, version }: Venv): string[] {
  if (home === undefined) return [];
  const minor = /^\d+\.\d+/.exec(version ?? "")?.[0];
  return [...(minor === undefined ? [] : [`python${minor}`]), "python3", "python", "python.exe"].map((name) =>
    path.join(home, name),
  );
}

import fs from "node:fs";
import path from "node:path";
import type { Destination } from "../../plugin-api/model/environment.ts";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import { writeEnvironmentStamp } from "../../plugin-api/system/environment-stamp.ts";
import { PROJECT_FOLDER } from "../../plugin-api/system/project-folder.ts";
import { writeActivation } from "./activation.ts";

/** Who writes, and for what system. */
export interface Maker {
  /** Version of the product. */
  readonly version: string;
  readonly platform: string;
}

/**
 * Writes what `python -m venv --without-pip` writes (PEP 405), without starting a Python: folders, links to the interpreter,
 * `pyvenv.cfg`, activation scripts, and the stamp. `directory` is made; all paths inside speak of `destination.root`.
 */
export function writeSkeleton(destination: Destination, directory: string, maker: Maker): void {
  const { interpreter, root } = destination;
  const { scheme } = interpreter;
  const isWindows = maker.platform === "win32";
  const scripts = path.join(directory, scheme.scripts);
  fs.mkdirSync(scripts, { recursive: true });
  fs.mkdirSync(path.join(directory, sitePackagesOf(interpreter)), { recursive: true });
  fs.mkdirSync(path.join(directory, includeFolder(interpreter, isWindows)), { recursive: true });
  // Extension modules of Fedora and its relatives look for lib64; CPython makes the link on every 64-bit POSIX but macOS.
  if (interpreter.pointerBits === 64 && !isWindows && maker.platform !== "darwin")
    fs.symlinkSync("lib", path.join(directory, "lib64"));
  if (isWindows) copyLaunchers(interpreter, scripts);
  else linkInterpreter(interpreter, scripts);
  const prompt = destination.prompt ?? promptFor(root);
  fs.writeFileSync(path.join(directory, "pyvenv.cfg"), configText(destination, prompt, maker));
  // The environment is made, never written: it has no place in a repository. A project's folder says so itself.
  if (path.basename(path.dirname(root)) !== PROJECT_FOLDER) fs.writeFileSync(path.join(directory, ".gitignore"), "*\n");
  writeActivation(scripts, { root, scripts: scheme.scripts, prompt, isWindows });
  if (destination.over !== undefined)
    fs.writeFileSync(path.join(directory, sitePackagesOf(interpreter), OVER_FILE), importsFrom(destination.over));
  const { basePath, version, identity } = interpreter;
  const stamp = {
    pybun: maker.version,
    interpreter: { path: basePath, version, identity },
    generation: 0,
    wheels: {},
  };
  const sitePackages = path.join(directory, sitePackagesOf(interpreter));
  writeEnvironmentStamp({ root: directory, sitePackages, temporary: directory }, stamp);
}

const OVER_FILE = "_pybun_over.pth";

/** A start-up file that has Python look into another environment, too, with all that its own such files say. */
function importsFrom(sitePackages: string): string {
  const escape = (char: string): string => `\\U${char.codePointAt(0)!.toString(16).padStart(8, "0")}`;
  const text = sitePackages.replace(/[^\w/.+@-]/gu, escape);
  return `import site; site.addsitedir("${text}")\n`;
}

/** Relative to the environment; `lib64` is another name for `lib` there. */
export const sitePackagesOf = ({ scheme }: Interpreter): string => scheme.purelib.replace(/^lib64(?=[/\\])/, "lib");

function includeFolder({ tags, implementation }: Interpreter, isWindows: boolean): string {
  if (isWindows) return "Include";
  const [major, minor] = tags.python;
  const hasOwn = implementation === "cpython" && (major > 3 || minor >= 11);
  return hasOwn ? `include/python${major}.${minor}${tags.isFreeThreaded ? "t" : ""}` : "include";
}

function linkInterpreter(interpreter: Interpreter, scripts: string): void {
  fs.symlinkSync(interpreter.basePath, path.join(scripts, "python"));
  for (const name of aliases(interpreter)) fs.symlinkSync("python", path.join(scripts, name));
}

/** The other names an interpreter has in its environment, such as `python3` and `python3.12`. */
function aliases({ implementation, tags }: Interpreter): readonly string[] {
  const [major, minor] = tags.python;
  const plain = [`python${major}`, `python${major}.${minor}`];
  if (implementation === "pypy") return [...plain, "pypy", `pypy${major}`, `pypy${major}.${minor}`];
  return tags.isFreeThreaded ? [...plain, `python${major}.${minor}t`] : plain;
}

/** Windows starts the base interpreter through small programs that read `pyvenv.cfg`; Python brings them along. */
function copyLaunchers({ stdlib, basePath }: Interpreter, scripts: string): void {
  for (const [name, launcher] of [
    ["python.exe", "venvlauncher.exe"],
    ["pythonw.exe", "venvwlauncher.exe"],
  ] as const) {
    const folder = path.join(stdlib, "venv", "scripts", "nt");
    const sources = [path.join(folder, launcher), path.join(folder, name), path.join(path.dirname(basePath), name)];
    const source = sources.find((file) => fs.existsSync(file));
    if (source !== undefined) fs.copyFileSync(source, path.join(scripts, name));
  }
}

function configText({ interpreter, seesSystemSite = false }: Destination, prompt: string, maker: Maker): string {
  const { basePath, implementation, version } = interpreter;
  const values: readonly (readonly [string, string])[] = [
    ["home", path.dirname(basePath)],
    ["implementation", implementation === "cpython" ? "CPython" : implementation],
    ["version", version],
    ["include-system-site-packages", String(seesSystemSite)],
    ["executable", basePath],
    ["prompt", oneLine(prompt)],
    ["pybun", maker.version],
  ];
  return values.map(([key, value]) => `${key} = ${value}\n`).join("");
}

const oneLine = (text: string): string => text.replace(/[\r\n]+/g, " ");

/** `venv` and `.venv` say nothing: then it is the folder around them that has a name. */
export function promptFor(root: string): string {
  const unnamed = new Set([".venv", "venv", ".pybun"]);
  let named = root;
  while (unnamed.has(path.basename(named)) && path.dirname(named) !== named) named = path.dirname(named);
  // In the data directory a hash tells projects of one name apart.
  return path.basename(named).replace(/(?<=.)-[0-9a-f]{10}$/, "") || path.basename(root);
}

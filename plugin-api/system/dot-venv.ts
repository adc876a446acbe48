import fs from "node:fs";
import path from "node:path";

/**
 * A project's environment is `.pybun/venv`, where it can be swapped in whole; editors and other tools look for `.venv`. That is a
 * folder with a link to each part of the environment, and an ignore file of its own: a single link could have none, and a
 * `.venv/` in a repository's own ignore file does not match links. On Windows, where files have no links, it is a junction.
 */
const SHOWN = ".venv";
const OWN = path.join(".pybun", "venv");
const CONFIG = "pyvenv.cfg";

/**
 * Makes `.venv` show the environment in `.pybun` of the project at `projectRoot` (absolute), or brings the links in it up to
 * date. Whatever else has that name stays as it is. Throws system errors.
 */
export function showEnvironment(projectRoot: string, platform: string): void {
  const shown = path.join(projectRoot, SHOWN);
  try {
    if (isOwnFolder(shown)) refresh(projectRoot, shown);
    else if (fs.lstatSync(shown, { throwIfNoEntry: false })) return;
    else if (platform === "win32") fs.symlinkSync(path.join(projectRoot, OWN), shown, "junction");
    else makeWhole(projectRoot, shown);
  } catch (error) {
    // Made by another process meanwhile, or the file system has no links: the environment is complete without.
    if (!FORGIVEN.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}

const FORGIVEN = new Set(["EEXIST", "ENOTEMPTY", "ENOTDIR", "EPERM", "ENOTSUP", "ENOSYS"]);

/** `.venv` of the project at `projectRoot` leads to the environment in its `.pybun`, whether that is there or not. */
export function isShown(projectRoot: string): boolean {
  const shown = path.join(projectRoot, SHOWN);
  const target = targetOf(shown);
  return target === undefined ? isOwnFolder(shown) : target === path.join(projectRoot, OWN);
}

/** The environment that is meant by `root` (absolute): of a `.venv` that only shows one, the one in `.pybun`. */
export function environmentBehind(root: string): string {
  const projectRoot = path.dirname(root);
  return path.basename(root) === SHOWN && isShown(projectRoot) ? path.join(projectRoot, OWN) : root;
}

/** Takes away the `.venv` that shows the environment in `.pybun`; any other stays. Throws system errors. */
export function hideEnvironment(projectRoot: string): void {
  if (isShown(projectRoot)) fs.rmSync(path.join(projectRoot, SHOWN), { recursive: true, force: true });
}

function makeWhole(projectRoot: string, shown: string): void {
  const staged = fs.mkdtempSync(path.join(projectRoot, ".pybun", "dot-venv-"));
  try {
    fs.chmodSync(staged, 0o777 & ~process.umask());
    fs.writeFileSync(path.join(staged, ".gitignore"), "*\n");
    for (const name of partsOf(projectRoot)) fs.symlinkSync(linkTo(name), path.join(staged, name));
    fs.renameSync(staged, shown);
  } catch (error) {
    fs.rmSync(staged, { recursive: true, force: true });
    throw error;
  }
}

/** Packages bring folders of their own (`share`, `etc`) and take them along when they go. */
function refresh(projectRoot: string, shown: string): void {
  const parts = new Set(partsOf(projectRoot));
  for (const name of fs.readdirSync(shown)) {
    const isGone = !parts.delete(name) && targetOf(path.join(shown, name)) === path.join(projectRoot, OWN, name);
    if (isGone) fs.unlinkSync(path.join(shown, name));
  }
  for (const name of parts) fs.symlinkSync(linkTo(name), path.join(shown, name));
}

const partsOf = (projectRoot: string): readonly string[] =>
  fs.readdirSync(path.join(projectRoot, OWN)).filter((name) => !name.startsWith("."));

const linkTo = (name: string): string => path.join("..", OWN, name);

const isOwnFolder = (shown: string): boolean =>
  targetOf(path.join(shown, CONFIG)) === path.join(path.dirname(shown), OWN, CONFIG) && targetOf(shown) === undefined;

/** Where a link leads, as an absolute path; undefined for everything else. */
function targetOf(file: string): string | undefined {
  try {
    return path.resolve(path.dirname(file), fs.readlinkSync(file));
  } catch {
    return undefined;
  }
}

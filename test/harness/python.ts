import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

/** A real interpreter: never a version manager's shim, which costs more than most of what is tested. */
export interface Python {
  /** Real path of the executable. */
  readonly path: string;
  /** `[3, 12, 1]`. */
  readonly version: readonly [major: number, minor: number, micro: number];
}

const NAME = /^python3(\.\d+)?(\.exe)?$|^python(\.exe)?$/;
const ASK = "import sys; print(*sys.version_info[:3], sys.prefix == sys.base_prefix)";
const OLDEST_MINOR = 9;

let found: readonly Python[] | undefined;

/** All interpreters from 3.9 on that PATH leads to, newest first, each version once; environments don't count. */
export function pythons(): readonly Python[] {
  found ??= search();
  return found;
}

/** The interpreter tests use: the newest, or the newest of one minor version (`3.11`). */
export function findPython(minor?: string): Python | undefined {
  return pythons().find(({ version }) => minor === undefined || minor === `${version[0]}.${version[1]}`);
}

/** As `findPython`, for tests that can do nothing without one. */
export function requirePython(minor?: string): Python {
  const python = findPython(minor);
  if (python === undefined) throw new Error(`the tests need a Python ${minor ?? "3.9 or later"} on PATH`);
  return python;
}

function search(): Python[] {
  const candidates = new Set(searchFolders().flatMap(executablesIn));
  const versions = new Map<string, Python>();
  for (const candidate of candidates) {
    const python = ask(candidate);
    if (python !== undefined && !versions.has(python.version.join())) versions.set(python.version.join(), python);
  }
  return [...versions.values()].sort((a, b) => compare(b.version, a.version));
}

function searchFolders(): string[] {
  const onPath = (process.env["PATH"] ?? "").split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return onPath.flatMap((folder) => {
    if (path.basename(folder) !== "shims") return [folder];
    const versions = path.join(path.dirname(folder), "versions");
    return fs.existsSync(versions) ? fs.readdirSync(versions).map((name) => path.join(versions, name, "bin")) : [];
  });
}

function executablesIn(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder)
    .filter((name) => NAME.test(name))
    .flatMap((name) => {
      try {
        return [fs.realpathSync(path.join(folder, name))];
      } catch {
        return []; // a dangling link
      }
    })
    .filter((file) => !isScript(file));
}

function isScript(file: string): boolean {
  const fd = fs.openSync(file, "r");
  const start = Buffer.alloc(2);
  fs.readSync(fd, start, 0, 2, 0);
  fs.closeSync(fd);
  return start.toString("latin1") === "#!";
}

function ask(executable: string): Python | undefined {
  const { stdout, status } = spawnSync(executable, ["-I", "-S", "-c", ASK], { encoding: "utf8", timeout: 20_000 });
  const [major, minor, micro, isBase] = (stdout ?? "").trim().split(" ");
  if (status !== 0 || major !== "3" || Number(minor) < OLDEST_MINOR || isBase !== "True") return undefined;
  return { path: executable, version: [3, Number(minor), Number(micro)] };
}

const compare = (a: readonly number[], b: readonly number[]): number =>
  a.map((part, index) => part - (b[index] ?? 0)).find((difference) => difference !== 0) ?? 0;

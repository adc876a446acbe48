import fs from "node:fs";
import path from "node:path";

/** Who builds a source tree (PEP 517, 518). */
export interface BuildSystem {
  /** Requirements of the backend, as written. */
  readonly requires: readonly string[];
  /** `module` or `module:attribute`. */
  readonly backend: string;
  /** Absolute folders of a backend that lies in the tree. */
  readonly backendPath: readonly string[];
}

/** A source tree that says nothing, or nonsense, about how to build it; completes the sentence "`name version` …". */
export class NotBuildable extends Error {
  override readonly name = "NotBuildable";
}

/** What is taken when nothing is said: setuptools with the behaviour of running `setup.py`. */
const LEGACY = { requires: ["setuptools>=40.8.0"], backend: "setuptools.build_meta:__legacy__" } as const;

/** Reads `[build-system]` of a tree's pyproject.toml; a tree with setup.py alone is built by setuptools. Throws `NotBuildable`. */
export async function readBuildSystem(tree: string): Promise<BuildSystem> {
  const file = path.join(tree, "pyproject.toml");
  if (fs.existsSync(file)) {
    const table = await readTable(file);
    if (table !== undefined) return systemOf(table, tree);
  } else if (!fs.existsSync(path.join(tree, "setup.py")))
    throw new NotBuildable("holds neither pyproject.toml nor setup.py");
  return { ...LEGACY, backendPath: [] };
}

async function readTable(file: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  const { parse } = await import("smol-toml");
  let document: Record<string, unknown>;
  try {
    document = parse(fs.readFileSync(file, "utf8"));
  } catch (error) {
    throw new NotBuildable(`has a pyproject.toml that can't be read: ${firstLine(error)}`, { cause: error });
  }
  const table = document["build-system"];
  if (table === undefined) return undefined;
  if (typeof table !== "object" || table === null || Array.isArray(table))
    throw new NotBuildable("has a pyproject.toml whose `build-system` is no table");
  return table as Record<string, unknown>;
}

function systemOf(table: Readonly<Record<string, unknown>>, tree: string): BuildSystem {
  const { requires, "build-backend": backend = LEGACY.backend, "backend-path": folders = [] } = table;
  if (!isTexts(requires)) throw new NotBuildable("has a `[build-system]` without a list `requires`");
  if (typeof backend !== "string" || !/^[\w.]+(:[\w.]+)?$/.test(backend))
    throw new NotBuildable("has a `build-backend` that is not the name of an object");
  if (!isTexts(folders)) throw new NotBuildable("has a `backend-path` that is no list of folders");
  return { requires, backend, backendPath: folders.map((folder) => inside(tree, folder)) };
}

function inside(tree: string, folder: string): string {
  const found = path.resolve(tree, folder);
  const real = fs.existsSync(found) ? fs.realpathSync(found) : found;
  const relative = path.relative(fs.realpathSync(tree), real);
  if (path.isAbsolute(folder) || relative.split(path.sep)[0] === ".." || path.isAbsolute(relative))
    throw new NotBuildable(`has a \`backend-path\` that leaves its own tree: ${folder}`);
  return found;
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === "string");

const firstLine = (error: unknown): string => (error as Error).message.split("\n", 1)[0] as string;

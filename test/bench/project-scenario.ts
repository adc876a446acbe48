import { spawnSync } from "node:child_process";
import path from "node:path";
import { copyIfThere, lockFile, setAside, writeProject } from "./resolve-scenario.ts";
import type { Command, Side } from "./scenario.ts";

/** Sets of packages as projects have them. */
export const SETS = {
  trio: ["trio"],
  jupyter: ["jupyter"],
  science: ["numpy", "pandas", "scipy", "scikit-learn", "matplotlib"],
  web: ["django", "djangorestframework", "flask", "fastapi", "uvicorn", "gunicorn", "sqlalchemy", "requests", "celery"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** Writes a project and its lock. */
export function writeLocked(side: Side, dependencies: readonly string[]): void {
  writeProject(side, dependencies);
  perform(side, { argv: ["lock", "--python", side.python] });
}

/** Runs a command of a side; untimed. */
export function perform(side: Side, { program = side.program, argv, env }: Command): void {
  const { status, stderr } = spawnSync(program, argv, {
    cwd: side.cwd,
    env: { ...side.env, ...env },
    stdio: ["ignore", "ignore", "pipe"],
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${side.tool} ${argv.join(" ")} ended with ${status}: ${stderr}`);
}

export const sync = (side: Side, linkMode?: string): Command => ({
  argv: ["sync", "--python", side.python, ...(linkMode === undefined ? [] : ["--link-mode", linkMode])],
});

/** Where each tool keeps the environment of a project; the folder's only one. */
export const environmentsOf = (side: Side): string =>
  side.tool === "pybun" ? path.join(side.cwd, ".pybun") : side.cwd;

/** Takes the project's environment out of the way, with all that is told of it. */
export function forgetEnvironment(side: Side): void {
  for (const name of [".pybun", ".venv"]) setAside(side, path.join(side.cwd, name));
}

const projectFiles = (side: Side): readonly string[] => [path.join(side.cwd, "pyproject.toml"), lockFile(side)];

/** Keeps the project's files under a name. */
export function keepProject(side: Side, name: string): void {
  for (const file of projectFiles(side)) copyIfThere(file, `${file}.${name}`);
}
export function restoreProject(side: Side, name: string): void {
  for (const file of projectFiles(side)) copyIfThere(`${file}.${name}`, file);
}

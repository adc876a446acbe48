// `npm start`: builds the executable when a source is newer than it, then runs a script that names its own dependencies.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

const ROOT = path.dirname(import.meta.dirname);
const EXECUTABLE = path.join(ROOT, "dist", "pybun");
const SOURCES = ["kernel", "plugin-api", "plugins", "presets", "templates", "package.json"];

function newest(at: string): number {
  const stat = fs.statSync(at);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return fs.readdirSync(at).reduce((time, name) => Math.max(time, newest(path.join(at, name))), 0);
}

const run = (file: string, args: readonly string[]): void => {
  const { status, error } = spawnSync(file, args, { stdio: "inherit" });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
};

const built = fs.statSync(EXECUTABLE, { throwIfNoEntry: false })?.mtimeMs ?? 0;
if (SOURCES.some((name) => newest(path.join(ROOT, name)) > built))
  run(process.execPath, [path.join(ROOT, "presets", "build.ts")]);
run(EXECUTABLE, ["run", path.join(ROOT, "docs", "examples", "environment.py")]);

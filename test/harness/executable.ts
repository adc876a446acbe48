import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { filesBelow } from "./files.ts";

export const REPOSITORY = path.resolve(import.meta.dirname, "../..");
const BUILT = path.join(REPOSITORY, "dist", process.platform === "win32" ? "pybun.exe" : "pybun");
const SOURCES = ["kernel", "plugin-api", "plugins", "presets", "templates"];

/** The executable under test: the built one, or the one that `TEST_EXECUTABLE` names. */
export const executablePath = (): string => process.env["TEST_EXECUTABLE"] ?? BUILT;

/** The newest source that the executable is older than; undefined when it is up to date. */
export function newerSource(): string | undefined {
  const builtAtMs = fs.statSync(BUILT, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = SOURCES.flatMap((folder) => filesBelow(REPOSITORY, folder, (file) => !file.endsWith(".test.ts")));
  return ["package-lock.json", ...sources].find((file) => fs.statSync(path.join(REPOSITORY, file)).mtimeMs > builtAtMs);
}

/** Builds the executable unless it is up to date or another one is given; false when the build failed. */
export function buildIfStale(): boolean {
  if (process.env["TEST_EXECUTABLE"] !== undefined) return true;
  const reason = newerSource();
  if (reason === undefined) return true;
  console.log(`building dist/pybun (${reason} is newer)`);
  const { status } = spawnSync(process.execPath, ["presets/build.ts"], { cwd: REPOSITORY, stdio: "inherit" });
  return status === 0;
}

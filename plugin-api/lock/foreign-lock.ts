import fs from "node:fs";
import path from "node:path";
import type { NextAction } from "../event.ts";
import { shellWord } from "../shell-word.ts";

/** Locks of other tools, by their usual names. */
const NAMES = ["uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock"] as const;

/**
 * What to do where a project got its first lock although it has one of another tool: its versions can still be kept. Empty where there
 * is none. `root`: the project's folder.
 */
export function keepingVersions(root: string, cwd: string): readonly NextAction[] {
  const name = NAMES.find((each) => fs.existsSync(path.join(root, each)));
  if (name === undefined) return [];
  const file = path.relative(cwd, path.join(root, name));
  return [{ command: ["pybun", "lock", "--import", file], why: `keep the versions of ${shellWord(name)}` }];
}

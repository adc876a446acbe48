import fs from "node:fs";
import path from "node:path";
import { findWorkspaceRoot } from "../project/find-workspace.ts";

const MARKS = ["pyproject.toml", "pyproject.dx", "pybun.lockb"];

/**
 * The nearest folder at or above `cwd` that holds a project, not looking at or above the home directory unless `cwd`
 * itself is it; where that is a workspace's member, the workspace's root (SPEC CLI-17, WS-02). Undefined when there is none.
 */
export function findProjectRoot(cwd: string, home: string): string | undefined {
  for (let dir = cwd; ; ) {
    if (MARKS.some((mark) => fs.existsSync(path.join(dir, mark)))) return findWorkspaceRoot(dir, home) ?? dir;
    const parent = path.dirname(dir);
    if (parent === dir || parent === home || dir === home) return undefined;
    dir = parent;
  }
}

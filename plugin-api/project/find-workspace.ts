import fs from "node:fs";
import path from "node:path";
import { parse } from "smol-toml";
import { matchesGlob } from "./member-globs.ts";

type Table = Readonly<Record<string, unknown>>;

/**
 * The root of the workspace that a project's folder is a member of (SPEC WS-02), not looking at or above the home
 * directory; undefined when there is none. The nearest workspace above decides, also when it excludes the folder.
 */
export function findWorkspaceRoot(folder: string, home: string): string | undefined {
  if (workspaceTables(path.join(folder, "pyproject.toml")) !== undefined) return undefined;
  for (let below = folder; below !== home; ) {
    const at = path.dirname(below);
    if (at === below || at === home) return undefined;
    const globs = workspaceTables(path.join(at, "pyproject.toml"));
    if (globs !== undefined) return isMember(path.relative(at, folder), globs) ? at : undefined;
    below = at;
  }
  return undefined;
}

/** Whether a folder, relative to the root, belongs to a workspace by its globs. */
export const isMember = (relative: string, { members, exclude }: WorkspaceGlobs): boolean =>
  members.some((pattern) => matchesGlob(relative, pattern)) &&
  !exclude.some((pattern) => matchesGlob(relative, pattern));

export interface WorkspaceGlobs {
  readonly members: readonly string[];
  readonly exclude: readonly string[];
}

/** What is wrong with the file is told by whoever reads it as a project. */
function workspaceTables(file: string): WorkspaceGlobs | undefined {
  let text: string;
  try {
    text = fs.readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
  if (!text.includes("workspace")) return undefined;
  try {
    const { tool } = parse(text) as { readonly tool?: Readonly<Record<string, Table | undefined>> };
    const table = (tool?.["pybun"]?.["workspace"] ?? tool?.["dx-py"]?.["workspace"] ?? tool?.["uv"]?.["workspace"]) as
      | Table
      | undefined;
    return table && { members: textsOf(table["members"]), exclude: textsOf(table["exclude"]) };
  } catch {
    return undefined;
  }
}

const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];

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
  return toolTables(folder)?.hasOwnLock ? undefined : workspaceAround(folder, home);
}

/** The same, also for a member that is locked by itself. */
export function workspaceAround(folder: string, home: string): string | undefined {
  if (toolTables(folder)?.workspace !== undefined) return undefined;
  const above = workspaceAbove(folder, home);
  return above?.isMember ? above.root : undefined;
}

/** A workspace around a folder. */
export interface WorkspaceAround {
  /** Absolute. */
  readonly root: string;
  /** Its globs name the folder. */
  readonly isMember: boolean;
  readonly isExcluded: boolean;
  /** The tool whose table it is in `[tool]`. */
  readonly tool: string;
}

/** The nearest workspace above a folder, which need not exist, not looking at or above the home directory. */
export function workspaceAbove(folder: string, home: string): WorkspaceAround | undefined {
  for (let below = folder; below !== home; ) {
    const root = path.dirname(below);
    if (root === below || root === home) return undefined;
    const table = toolTables(root)?.workspace;
    if (table === undefined) {
      below = root;
      continue;
    }
    const relative = path.relative(root, folder);
    const isExcluded = table.exclude.some((pattern) => matchesGlob(relative, pattern));
    return { root, tool: table.tool, isExcluded, isMember: isMember(relative, table) };
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

interface Tables {
  readonly workspace?: WorkspaceGlobs & { readonly tool: string };
  readonly hasOwnLock: boolean;
}

/** What is wrong with the file is told by whoever reads it as a project. */
function toolTables(folder: string): Tables | undefined {
  const file = path.join(folder, "pyproject.toml");
  // Of the folders around a project hardly any has one, and an exception takes far longer than a question.
  if (!fs.existsSync(file)) return undefined;
  let text: string;
  try {
    text = fs.readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
  if (!text.includes("workspace") && !text.includes("own-lock")) return undefined;
  try {
    const { tool } = parse(text) as { readonly tool?: Readonly<Record<string, Table | undefined>> };
    const hasOwnLock = (tool?.["pybun"]?.["own-lock"] ?? tool?.["dx-py"]?.["own-lock"]) === true;
    for (const name of ["pybun", "dx-py", "uv"]) {
      const table = tool?.[name]?.["workspace"] as Table | undefined;
      if (table === undefined) continue;
      const globs = { members: textsOf(table["members"]), exclude: textsOf(table["exclude"]) };
      return { workspace: { tool: name, ...globs }, hasOwnLock };
    }
    return { hasOwnLock };
  } catch {
    return undefined;
  }
}

const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];

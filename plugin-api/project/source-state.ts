import { sha256Of } from "../hash/native.ts";
import { isPlainProject, type Variables, variablesLookedAt } from "./plain-project.ts";
import { treeState } from "./tree-state.ts";

/** Files of a project that decide how it is built and what it requires. */
export const DECIDING = ["pyproject.toml", "setup.py", "setup.cfg"];

/**
 * What decides the editable wheel that is built from a source tree, as long as that is plain; undefined for any other, and where
 * files were changed `sinceMs` (milliseconds since 1970, now without it).
 */
export const sourceState = (tree: string, env: Variables, sinceMs?: number): string | undefined =>
  isPlainProject(tree) ? stateOfPlain(tree, env, sinceMs) : undefined;

/** The same of a tree that was plain when its pyproject.toml was as it is. */
export function stateOfPlain(tree: string, env: Variables, sinceMs?: number): string | undefined {
  const state = treeState(tree, sinceMs);
  return state && sha256Of([state, ...variablesLookedAt(env)].join("\n"));
}

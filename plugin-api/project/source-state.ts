import { sha256Of } from "../hash/native.ts";
import { parseRequirement } from "../python/requirement.ts";
import { isPlainProject, plainDocument, type Variables, variablesLookedAt } from "./plain-project.ts";
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

/** A plain source tree, apart from what it requires. */
export interface NearState {
  readonly state: string;
  /** `[project] dependencies`, each a requirement with no URL. */
  readonly dependencies: readonly string[];
}

/** Files that a project's requirements are written to. */
const OF_REQUIREMENTS = ["pyproject.toml", "pybun.lockb", "pyproject.dx"];
/** Tables that say nothing about the wheel. */
const OF_OTHERS: readonly (readonly [table: string | undefined, name: string])[] = [
  [undefined, "dependency-groups"],
  ["tool", "pybun"],
  ["tool", "uv"],
];

/**
 * What decides all of the editable wheel that is built from a source tree but what it requires; undefined where that can't be told
 * apart, as of a tree that is not plain.
 */
export function nearState(tree: string, env: Variables): NearState | undefined {
  const document = plainDocument(tree);
  if (document === undefined) return undefined;
  const tableAt = (name: string): Record<string, unknown> => (document[name] ?? {}) as Record<string, unknown>;
  const { dependencies = [], dynamic } = tableAt("project");
  const isDynamic = Array.isArray(dynamic) && dynamic.some((field) => String(field).endsWith("dependencies"));
  const poetrys = tableAt("tool")["poetry"] as Readonly<Record<string, unknown>> | undefined;
  if (
    isDynamic ||
    poetrys?.["dependencies"] !== undefined ||
    !Array.isArray(dependencies) ||
    !dependencies.every(isSimple)
  )
    return undefined;
  for (const [table, name] of OF_OTHERS) delete (table === undefined ? document : tableAt(table))[name];
  delete tableAt("project")["dependencies"];
  const files = treeState(tree, Date.now(), OF_REQUIREMENTS);
  if (files === undefined) return undefined;
  const state = sha256Of([files, JSON.stringify(document), ...variablesLookedAt(env)].join("\n"));
  return { state, dependencies };
}

function isSimple(text: unknown): text is string {
  if (typeof text !== "string" || /[\r\n]/.test(text)) return false;
  try {
    const { url, marker } = parseRequirement(text);
    return url === undefined && (marker === undefined || !text.includes("extra"));
  } catch {
    return false; // the build says what is wrong with it
  }
}

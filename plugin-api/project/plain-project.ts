import fs from "node:fs";
import path from "node:path";
import { parse } from "smol-toml";
import { parseRequirement } from "../python/requirement.ts";

/**
 * Backends that make nothing but what the tree's files tell, as long as no code of the project's own and no plugin takes part,
 * with the distributions they may require.
 */
const PLAIN_BACKENDS: Readonly<Record<string, readonly string[]>> = {
  "flit_core.buildapi": ["flit-core"],
  "hatchling.build": ["hatchling"],
  "pdm.backend": ["pdm-backend"],
  "poetry.core.masonry.api": ["poetry-core"],
  "setuptools.build_meta": ["setuptools", "wheel"],
  uv_build: ["uv-build"],
};
/** Tables of the backends, and what in them brings in code, version control, or files from elsewhere. */
const TAKES_MORE: readonly (readonly [table: string, keys: RegExp])[] = [
  ["hatch", /^(?:hooks?|force-include|source|builder)$/],
  ["pdm", /^(?:version|build)$/],
  ["poetry", /^build$/],
  ["setuptools", /^(?:ext-modules|cmdclass|attr)$/],
];
/** A way out of the tree, or what hatchling puts in for the surroundings. */
const ELSEWHERE = /\.\.[/\\]|\{(?:env|home)\b/;
/** Variables that plain backends look at. */
const LOOKED_AT = /^(?:DISTUTILS|FLIT|HATCH|PDM|POETRY|SETUPTOOLS|SOURCE_DATE_EPOCH|UV)(?:_|$)/;

type Table = Readonly<Record<string, unknown>>;

/** Whether the editable wheel of a source tree depends on nothing but the files in it, and on `variablesLookedAt`. */
export const isPlainProject = (tree: string): boolean => plainDocument(tree) !== undefined;

/** The pyproject.toml of such a tree; undefined for any other. */
export function plainDocument(tree: string): Record<string, unknown> | undefined {
  try {
    const text = fs.readFileSync(path.join(tree, "pyproject.toml"), "utf8");
    const document = ELSEWHERE.test(text) ? undefined : parse(text);
    return document && isPlain(document, tree) ? document : undefined;
  } catch {
    // None, or a malformed one: the build says it best.
    return undefined;
  }
}

export type Variables = Readonly<Record<string, string | undefined>>;

/** As lines. */
export const variablesLookedAt = (env: Variables): readonly string[] =>
  Object.entries(env)
    .filter(([name, value]) => value !== undefined && LOOKED_AT.test(name))
    .map(([name, value]) => `${name}=${value}`)
    .sort();

function isPlain({ "build-system": system, project, tool }: Table, tree: string): boolean {
  const { requires, "build-backend": backend, "backend-path": own } = tableOf(system);
  const allowed = typeof backend === "string" ? PLAIN_BACKENDS[backend] : undefined;
  if (allowed === undefined || own !== undefined || !Array.isArray(requires)) return false;
  if (!requires.every((text) => isAllowed(text, allowed))) return false;
  // Others import the module that has it, or ask version control.
  const isFixed = !asList(tableOf(project)["dynamic"]).includes("version") || backend === "hatchling.build";
  const hasCode = ["setup.py", "setup.cfg"].some((name) => fs.existsSync(path.join(tree, name)));
  const settings = tableOf(tool);
  return isFixed && !hasCode && !TAKES_MORE.some(([name, keys]) => has(settings[name], keys));
}

function isAllowed(text: unknown, allowed: readonly string[]): boolean {
  if (typeof text !== "string") return false;
  const { name, url } = parseRequirement(text);
  return url === undefined && allowed.includes(name);
}

/** Whether one of these keys is in a table, or in one below it. */
function has(value: unknown, keys: RegExp): boolean {
  if (Array.isArray(value)) return value.some((each) => has(each, keys));
  return Object.entries(tableOf(value)).some(([key, below]) => keys.test(key) || has(below, keys));
}

const tableOf = (value: unknown): Table =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Table) : {};
const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

import { parseCutOff } from "../cut-off.ts";
import type { ConflictItem } from "../model/lock.ts";
import type { PackageName } from "../model/requirement.ts";
import { parseMarker } from "../python/marker.ts";
import { normalizeName, parsePackageName } from "../python/package-name.ts";
import { parseRequirement } from "../python/requirement.ts";
import { invalidAt, isTable, type ProjectText, placed, type Table } from "./project-text.ts";
import type { GivenMetadata, ProjectOptions, WorkspaceTable } from "./pyproject.ts";
import { demandList, demandsOf, type Key, tableAt, textAt, textList } from "./requirement-list.ts";
import { readSources } from "./sources.ts";

/** Our keys, and what uv calls the same. */
const FOREIGN: Readonly<Record<string, string>> = {
  constraints: "constraint-dependencies",
  overrides: "override-dependencies",
};

/** A value with the table it stands in. */
export interface Chosen {
  readonly key: Key;
  readonly value: unknown;
}

/**
 * Finds a key in `[tool.pybun]`, its alias `[tool.dx-py]`, or else `[tool.uv]`, so that projects made for uv can be locked as
 * they are.
 */
export function toolKey({ table }: ProjectText, name: string): Chosen {
  const tools = isTable(table["tool"]) ? table["tool"] : {};
  for (const tool of ["pybun", "dx-py", "uv"]) {
    const own = tools[tool];
    const key = tool === "uv" ? (FOREIGN[name] ?? name) : name;
    if (isTable(own) && own[key] !== undefined) return { key: ["tool", tool, key], value: own[key] };
  }
  return { key: ["tool", "pybun", name], value: undefined };
}

/** Reads what decides a resolution from the tool tables. Throws `E_PROJECT_INVALID`. */
export function readProjectOptions(source: ProjectText): ProjectOptions {
  const at = (name: string) => toolKey(source, name);
  const demands = ({ key, value }: Chosen) => demandList(source, key, value);
  const workspace = at("workspace");
  const cutOff = cutOffText(source, at("exclude-newer"));
  return {
    sources: readSources(source, at("sources").key, at("sources").value),
    constraints: demands(at("constraints")),
    overrides: demands(at("overrides")),
    exclusions: names(source, at("exclude-dependencies")),
    metadata: givenMetadata(source, at("dependency-metadata")),
    conflicts: conflicts(source, at("conflicts")),
    environments: markers(source, at("environments")),
    requiredEnvironments: markers(source, at("required-environments")),
    forkStrategy: at("fork-strategy").value === "fewest" ? "fewest" : "requires-python",
    hasOwnLock: truthAt(source, at("own-lock")),
    ...(cutOff !== undefined && { excludeNewer: cutOff }),
    ...(workspace.value !== undefined && { workspace: workspaceTable(source, workspace) }),
  };
}

function truthAt(source: ProjectText, { key, value = false }: Chosen): boolean {
  if (typeof value === "boolean") return value;
  throw invalidAt(source, { key }, `\`${key.join(".")}\` must be true or false`);
}

/** TOML has times of its own. */
function cutOffText(source: ProjectText, { key, value }: Chosen): string | undefined {
  const text = value instanceof Date ? value.toISOString() : textAt(source, key, value);
  if (text === undefined || parseCutOff(text, 0) !== undefined) return text;
  throw invalidAt(source, { key }, "`exclude-newer` must be a date, a time or an age such as `7 days`");
}

function names(source: ProjectText, { key, value }: Chosen): readonly PackageName[] {
  return textList(source, key, value).map((item) => placed(source, { key, item }, () => parsePackageName(item)));
}

/** uv takes a single text as well. */
function markers(source: ProjectText, { key, value }: Chosen): readonly string[] {
  const texts = typeof value === "string" ? [value] : textList(source, key, value);
  return texts.map((item) => placed(source, { key, item }, () => parseMarker(item).text));
}

function conflicts(source: ProjectText, { key, value }: Chosen): ProjectOptions["conflicts"] {
  if (value === undefined) return [];
  const form = 'must be a list of lists such as `[[{ extra = "cpu" }, { extra = "cuda" }]]`';
  if (!Array.isArray(value) || !value.every((set) => Array.isArray(set)))
    throw invalidAt(source, { key }, `\`${key.join(".")}\` ${form}`);
  return (value as readonly (readonly unknown[])[]).map((set) => {
    if (set.length < 2) throw invalidAt(source, { key }, "a set of conflicts needs two entries or more");
    return set.map((item): ConflictItem => {
      const { extra, group, package: member = "" } = isTable(item) ? item : {};
      const name = extra ?? group;
      if (typeof name !== "string" || typeof member !== "string" || (extra !== undefined && group !== undefined))
        throw invalidAt(source, { key }, `\`${key.join(".")}\` ${form}; an entry has an \`extra\` or a \`group\``);
      const kind = extra === undefined ? "group" : "optional";
      return { kind, name: normalizeName(name), member: member === "" ? "" : normalizeName(member) };
    });
  });
}

function givenMetadata(source: ProjectText, { key, value }: Chosen): readonly GivenMetadata[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || !value.every(isTable))
    throw invalidAt(source, { key }, `\`${key.join(".")}\` must be a list of tables with \`name\``);
  return (value as readonly Table[]).map((entry) => {
    const text = (name: string) => textAt(source, [...key, name], entry[name]);
    const list = (name: string) => textList(source, [...key, name], entry[name]);
    const name = text("name");
    if (name === undefined) throw invalidAt(source, { key }, `an entry of \`${key.join(".")}\` has no \`name\``);
    const version = text("version");
    const requiresDist = list("requires-dist");
    for (const item of requiresDist) placed(source, { key, item }, () => parseRequirement(item));
    return {
      name: placed(source, { key, item: name }, () => parsePackageName(name)),
      ...(version !== undefined && { version }),
      requiresDist,
      requiresPython: text("requires-python") ?? "",
      providesExtra: [...list("provides-extra"), ...list("provides-extras")],
    };
  });
}

function workspaceTable(source: ProjectText, { key, value }: Chosen): WorkspaceTable {
  const table = tableAt(source, key, value);
  const within = (name: string) => textList(source, [...key, name], table[name]);
  return {
    members: within("members"),
    exclude: within("exclude"),
    shared: sharedDemands(source, [...key, "shared-dependencies"], table["shared-dependencies"]),
  };
}

/** `shared-dependencies` maps a name to a specifier: `{ requests = ">=2" }`. */
function sharedDemands(source: ProjectText, key: Key, value: unknown): ProjectOptions["constraints"] {
  return Object.entries(tableAt(source, key, value)).flatMap(([name, specifier]) => {
    const at = [...key, name];
    const text = textAt(source, at, specifier) as string;
    return demandsOf(source, at, [`${name}${text === "*" ? "" : text}`]);
  });
}

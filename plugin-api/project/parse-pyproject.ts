import path from "node:path";
import type { Demand, Extra } from "../model/requirement.ts";
import { expandDependencyGroup } from "../python/dependency-groups.ts";
import { normalizeName, parseExtra, parsePackageName } from "../python/package-name.ts";
import { parseSpecifier } from "../python/specifier.ts";
import { versionKey } from "../python/version-key.ts";
import { withIncluding } from "./including-groups.ts";
import { invalidAt, isTable, openProjectText, type ProjectText, placed, type Table } from "./project-text.ts";
import type { BuildSystem, Pyproject } from "./pyproject.ts";
import { demandList, demandsOf, tableAt, textAt, textList } from "./requirement-list.ts";
import { readProjectOptions, toolKey } from "./tool-options.ts";

/** What a build backend may be named when `[build-system]` names none (PEP 517). */
const LEGACY_BACKEND = "setuptools.build_meta:__legacy__";

/**
 * Reads a pyproject.toml (SPEC PDX-01): `[project]` (PEP 621), `[build-system]` (PEP 518), `[dependency-groups]` (PEP 735) and the
 * tool tables. `shown` names the file in messages. Pure. Throws `E_PROJECT_INVALID` with file and line.
 */
export function parsePyproject(text: string, about: { readonly file: string; readonly shown: string }): Pyproject {
  const source = openProjectText(text, about);
  const project = tableAt(source, ["project"], source.table["project"]);
  const buildSystem = buildSystemOf(source);
  const isPackage = toolKey(source, "package").value;
  const own = identity(source, project);
  return {
    file: about.file,
    folder: path.dirname(about.file),
    ...own,
    dependencies: demandList(source, ["project", "dependencies"], project["dependencies"]),
    optional: optional(source, project),
    groups: groups(source),
    defaultGroups: defaultGroups(source),
    ...(buildSystem && { buildSystem }),
    isPackage: typeof isPackage === "boolean" ? isPackage : buildSystem !== undefined,
    options: optionsOf(source, own.name),
  };
}

function optionsOf(source: ProjectText, name: Pyproject["name"]): Pyproject["options"] {
  const options = readProjectOptions(source);
  return { ...options, conflicts: withIncluding(options.conflicts, { groups: groupTable(source), name }) };
}

/**
 * Reads the metadata block of a script (PEP 723) as the project that it stands for: dependencies, `requires-python` and the tool
 * tables. `text` has as many blank lines before the block as the script, so that lines are told right. Pure. Throws
 * `E_PROJECT_INVALID` with file and line.
 */
export function parseScriptBlock(text: string, about: { readonly file: string; readonly shown: string }): Pyproject {
  const source = openProjectText(text, about);
  const requiresPython = textAt(source, ["requires-python"], source.table["requires-python"]) ?? "";
  placed(source, { key: ["requires-python"] }, () => parseSpecifier(requiresPython));
  return {
    file: about.file,
    folder: path.dirname(about.file),
    requiresPython,
    dynamic: new Set(),
    dependencies: demandList(source, ["dependencies"], source.table["dependencies"]),
    optional: new Map(),
    groups: new Map(),
    defaultGroups: [],
    isPackage: false,
    options: readProjectOptions(source),
  };
}

type Identity = Pick<Pyproject, "name" | "displayName" | "version" | "requiresPython" | "dynamic">;

function identity(source: ProjectText, project: Table): Identity {
  const at = (name: string) => ["project", name];
  const text = (name: string) => textAt(source, at(name), project[name]);
  const dynamic = new Set(textList(source, at("dynamic"), project["dynamic"]));
  const [name, version, requiresPython = ""] = [text("name"), text("version"), text("requires-python")];
  placed(source, { key: at("requires-python") }, () => parseSpecifier(requiresPython));
  if (source.table["project"] === undefined) return { requiresPython: "", dynamic };
  if (name === undefined)
    throw invalidAt(
      source,
      { key: ["project"], hint: 'add `name = "…"` below `[project]`' },
      "`[project]` has no `name`",
    );
  const normal = placed(source, { key: at("name") }, () => parsePackageName(name));
  if (version !== undefined && versionKey(version) === undefined)
    throw invalidAt(source, { key: at("version") }, `\`${version}\` is not a version`);
  const both = [...dynamic].find((field) => project[field] !== undefined);
  if (both !== undefined)
    throw invalidAt(source, { key: at(both) }, `\`${both}\` is given, and listed as \`dynamic\` too`);
  return { name: normal, displayName: name, ...(version !== undefined && { version }), requiresPython, dynamic };
}

function optional(source: ProjectText, project: Table): ReadonlyMap<Extra, readonly Demand[]> {
  const key = ["project", "optional-dependencies"];
  const all = new Map<Extra, readonly Demand[]>();
  for (const [written, list] of Object.entries(tableAt(source, key, project["optional-dependencies"]))) {
    const at = { key: [...key, written] };
    const extra = placed(source, at, () => parseExtra(written));
    if (all.has(extra)) throw invalidAt(source, at, `two extras are called \`${extra}\``);
    all.set(extra, demandList(source, at.key, list));
  }
  return all;
}

const groupTable = (source: ProjectText): Table =>
  tableAt(source, ["dependency-groups"], source.table["dependency-groups"]);

/** The groups of the standard's table; uv's older `dev-dependencies` belong to `dev`. */
function groups(source: ProjectText): ReadonlyMap<string, readonly Demand[]> {
  const table = groupTable(source);
  const all = new Map<string, readonly Demand[]>();
  for (const written of Object.keys(table)) {
    const key = ["dependency-groups", written];
    const texts = placed(source, { key }, () => expandDependencyGroup(table, written));
    all.set(normalizeName(written), demandsOf(source, key, texts));
  }
  const older = toolKey(source, "dev-dependencies");
  if (older.value === undefined) return all;
  return all.set("dev", [...(all.get("dev") ?? []), ...demandList(source, older.key, older.value)]);
}

function defaultGroups(source: ProjectText): Pyproject["defaultGroups"] {
  const { key, value } = toolKey(source, "default-groups");
  if (value === "all") return "all";
  return value === undefined ? ["dev"] : textList(source, key, value).map(normalizeName);
}

function buildSystemOf(source: ProjectText): BuildSystem | undefined {
  const value = source.table["build-system"];
  if (!isTable(value)) return undefined;
  const at = (name: string) => ["build-system", name];
  return {
    requires: demandList(source, at("requires"), value["requires"]),
    backend: textAt(source, at("build-backend"), value["build-backend"]) ?? LEGACY_BACKEND,
    backendPath: textList(source, at("backend-path"), value["backend-path"]),
  };
}

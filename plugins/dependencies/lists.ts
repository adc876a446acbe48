import type { Demand } from "../../plugin-api/model/requirement.ts";
import { isTable, type ProjectText } from "../../plugin-api/project/project-text.ts";
import type { Pyproject } from "../../plugin-api/project/pyproject.ts";
import { toolKey } from "../../plugin-api/project/tool-options.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import type { TomlPath } from "../../plugin-api/toml-document.ts";

/** A list of requirements of a project: its dependencies proper, those of an extra, those of a dependency group. */
export type List =
  | { readonly kind: "dependencies" }
  | { readonly kind: "optional"; readonly name: string }
  | { readonly kind: "group"; readonly name: string };

/** The list's key in the file; of an extra or group in the spelling it has there (PEP 621, PEP 735). */
export function listPath({ table }: Pick<ProjectText, "table">, list: List): TomlPath {
  if (list.kind === "dependencies") return ["project", "dependencies"];
  const base = list.kind === "optional" ? ["project", "optional-dependencies"] : ["dependency-groups"];
  let holder: unknown = table;
  for (const part of base) holder = isTable(holder) ? holder[part] : undefined;
  const written = isTable(holder) ? Object.keys(holder).find((key) => normalizeName(key) === list.name) : undefined;
  return [...base, written ?? list.name];
}

/** All keys at which a list's requirements stand: uv's older `dev-dependencies` belong to the group `dev`. */
export function listPaths(source: ProjectText, list: List): readonly TomlPath[] {
  const own = listPath(source, list);
  const older = list.kind === "group" && list.name === "dev" ? toolKey(source, "dev-dependencies") : undefined;
  return older?.value === undefined ? [own] : [own, older.key];
}

/** ` (group dev)`, ` (extra gpu)`; nothing for the dependencies proper. */
export const listWords = (list: List): string =>
  list.kind === "dependencies" ? "" : list.kind === "group" ? `group ${list.name}` : `extra ${list.name}`;

/** The flags that name a list on the command line; empty for the dependencies proper. */
export function listFlags(list: List): readonly string[] {
  if (list.kind === "dependencies") return [];
  if (list.kind === "optional") return ["--optional", list.name];
  return list.name === "dev" ? ["--dev"] : ["--group", list.name];
}

/** A list of a project, and what stands in it. */
export interface Listed {
  readonly list: List;
  readonly demands: readonly Demand[];
}

/** The lists of a project with what stands in each; what a group includes of others is not its own. */
export const listsOf = (project: Pyproject, source: ProjectText): readonly Listed[] => [
  { list: { kind: "dependencies" }, demands: project.dependencies },
  ...[...project.optional].map(([name, demands]) => ({ list: { kind: "optional" as const, name }, demands })),
  ...[...project.groups].map(([name, demands]) => {
    const list = { kind: "group" as const, name };
    const own = new Set(listPaths(source, list).flatMap((path) => textsAt(source, path)));
    return { list, demands: demands.filter(({ text }) => own.has(text)) };
  }),
];

function textsAt({ table }: ProjectText, path: TomlPath): readonly unknown[] {
  const value = path.reduce<unknown>((holder, key) => (isTable(holder) ? holder[key] : undefined), table);
  return Array.isArray(value) ? value : [];
}

import { isTable, type Table } from "../../plugin-api/project/project-text.ts";
import type { TomlValue } from "../../plugin-api/toml-value.ts";
import { type Draft, itemOf, leave, tableIn } from "./draft.ts";
import type { Source } from "./poetry.ts";
import { tableAt, textAt, textsAt } from "./values.ts";

const OWN = ["tool", "poetry"];
/** Keys that mean the same in both tables. */
const SAME = ["name", "version", "description", "readme", "license", "keywords", "classifiers"];
const PEOPLE = ["authors", "maintainers"];
const ADDRESSES = [
  ["homepage", "Homepage"],
  ["repository", "Repository"],
  ["documentation", "Documentation"],
] as const;

/** Name, version and their like, scripts, entry points, and the build backend. */
export function convertPoetryProject(source: Source, poetry: Table, draft: Draft): void {
  const isDynamic = /dynamic/.test(backendOf(source.table));
  for (const key of SAME) simple(key, { source, poetry, isDynamic }, draft);
  for (const key of PEOPLE) people(key, { source, poetry }, draft);
  addresses(source, poetry, draft);
  scripts(source, poetry, draft);
  plugins(source, poetry, draft);
  if (poetry["package-mode"] !== undefined) {
    if (poetry["package-mode"] === false) draft.settings.set("package", { value: false });
    draft.removed.push([...OWN, "package-mode"]);
  }
  if (poetry["name"] === undefined && !isTable(source.table["project"]) && draft.project.get("name") === undefined)
    draft.project.set("name", { value: "project" });
  buildBackend(source, draft);
}

const backendOf = (table: Table): string => textAt(tableAt(table, "build-system"), "build-backend") ?? "";

interface From {
  readonly source: Source;
  readonly poetry: Table;
  readonly isDynamic?: boolean;
}

function simple(key: string, { source, poetry, isDynamic }: From, draft: Draft): void {
  const value = poetry[key];
  if (value === undefined) return;
  const path = [...OWN, key];
  // The project leaves it to the backend, which reads it where it stands.
  if (textsAt(tableAt(source.table, "project"), "dynamic").includes(key)) return;
  const isList = key === "readme" && Array.isArray(value);
  if (isList || (key === "version" && isDynamic)) {
    // The backend tells it, and reads it where it stands.
    const dynamic = (draft.project.get("dynamic")?.value ?? []) as readonly string[];
    draft.project.set("dynamic", { value: [...dynamic, key] });
    return;
  }
  draft.project.set(key, itemOf(source.document, path, value as TomlValue));
  draft.removed.push(path);
}

/** `Name <address>`, or one of the two. */
function people(key: string, { source, poetry }: From, draft: Draft): void {
  if (!Array.isArray(poetry[key])) return;
  if (textsAt(tableAt(source.table, "project"), "dynamic").includes(key)) return;
  const path = [...OWN, key];
  const value = textsAt(poetry, key).map((text): TomlValue => {
    const [, name = "", email] = /^\s*(.*?)\s*(?:<([^>]*)>)?\s*$/.exec(text) ?? [];
    return { ...(name !== "" && { name }), ...(email !== undefined && email !== "" && { email }) };
  });
  draft.project.set(key, itemOf(source.document, path, value));
  draft.removed.push(path);
}

function addresses({ document }: Source, poetry: Table, draft: Draft): void {
  for (const [key, name] of ADDRESSES) {
    if (typeof poetry[key] !== "string") continue;
    tableIn(draft, "project", "urls").set(name, itemOf(document, [...OWN, key], poetry[key]));
    draft.removed.push([...OWN, key]);
  }
  if (!isTable(poetry["urls"])) return;
  for (const [name, url] of Object.entries(poetry["urls"]))
    tableIn(draft, "project", "urls").set(name, itemOf(document, [...OWN, "urls", name], url as TomlValue));
  draft.removed.push([...OWN, "urls"]);
}

function scripts({ document }: Source, poetry: Table, draft: Draft): void {
  for (const [name, script] of Object.entries(isTable(poetry["scripts"]) ? poetry["scripts"] : {})) {
    const path = [...OWN, "scripts", name];
    const reference = isTable(script) ? (script["reference"] ?? script["callable"]) : script;
    const isFile = isTable(script) && script["type"] === "file";
    if (typeof reference !== "string" || isFile) {
      leave(draft, { document, path }, "a file as a command is known to Poetry's build backend only");
      continue;
    }
    const named = isTable(script) ? textsAt(script, "extras") : [];
    const extras = named.length === 0 ? "" : ` [${named.join(",")}]`;
    tableIn(draft, "project", "scripts").set(name, itemOf(document, path, reference + extras));
    draft.removed.push(path);
  }
}

function plugins({ document }: Source, poetry: Table, draft: Draft): void {
  if (!isTable(poetry["plugins"])) return;
  for (const [group, entries] of Object.entries(poetry["plugins"]))
    for (const [name, target] of Object.entries(isTable(entries) ? entries : {}))
      tableIn(draft, "project", "entry-points", group).set(
        name,
        itemOf(document, [...OWN, "plugins", group, name], target as TomlValue),
      );
  draft.removed.push([...OWN, "plugins"]);
}

/** Poetry's backend knows `[project]` from version 2 on, and a licence by its expression (PEP 639) from 2.2 on. */
function buildBackend({ table }: Source, draft: Draft): void {
  const system = table["build-system"];
  if (!isTable(system)) return;
  const backend = backendOf(table);
  if (!backend.startsWith("poetry.")) return;
  const requires = textsAt(system, "requires");
  const isOld = requires.some((text) => /^poetry(-core)?\b/.test(text) && !/>=\s*2/.test(text));
  if (isOld)
    draft.replaced.push({
      path: ["build-system", "requires"],
      value: requires.map((text) => (/^poetry(-core)?\b/.test(text) ? "poetry-core>=2.2.0,<3.0.0" : text)),
    });
  if (backend === "poetry.masonry.api")
    draft.replaced.push({ path: ["build-system", "build-backend"], value: "poetry.core.masonry.api" });
}

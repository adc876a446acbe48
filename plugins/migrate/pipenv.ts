import path from "node:path";
import { isTable, type Table } from "../../plugin-api/project/project-text.ts";
import { isPackageName, normalizeName } from "../../plugin-api/python/package-name.ts";
import type { TomlValue } from "../../plugin-api/toml-value.ts";
import { commentsOf, type Draft, type Item, itemOf, leave, listIn, newDraft } from "./draft.ts";
import type { Source } from "./poetry.ts";
import { tableAt, tablesAt, textAt, textsAt } from "./values.ts";

const KNOWN = ["source", "packages", "dev-packages", "requires", "scripts", "pipenv"];

/** A Pipfile as a pyproject.toml. `folder` gives the project its name. Pure. */
export function convertPipfile(source: Source, folder: string, hasProject: boolean): Draft {
  const draft = newDraft();
  const { table, document } = source;
  if (!hasProject) {
    const name = path
      .basename(folder)
      .replace(/[^\w.-]+/g, "-")
      .replace(/^[-_.]+|[-_.]+$/g, "");
    draft.project.set("name", { value: isPackageName(name) ? normalizeName(name) : "project" });
    draft.project.set("version", { value: "0.1.0" });
  }
  const requires = tableAt(table, "requires");
  const minor = textAt(requires, "python_version");
  const full = textAt(requires, "python_full_version");
  if (full !== undefined) draft.project.set("requires-python", { value: `==${full}` });
  else if (minor !== undefined)
    draft.project.set("requires-python", itemOf(document, ["requires", "python_version"], `==${minor}.*`));
  packages(source, { key: "packages", into: draft.dependencies }, draft);
  packages(source, { key: "dev-packages", into: listIn(draft.groups, "dev") }, draft);
  for (const key of Object.keys(table))
    if (!KNOWN.includes(key) && isTable(table[key])) packages(source, { key, into: listIn(draft.groups, key) }, draft);
  if (draft.groups.get("dev")?.length === 0) draft.groups.delete("dev");
  indexes(source, draft);
  for (const [name, script] of Object.entries(tableAt(table, "scripts")))
    if (typeof script === "string") draft.tasks.set(name, itemOf(document, ["scripts", name], script));
    else leave(draft, { document, path: ["scripts", name] }, "calls a function: write it as a task with `python`");
  const own = tableAt(table, "pipenv");
  for (const [key, value] of Object.entries(own))
    if (key === "allow_prereleases")
      draft.settings.set("prerelease", { value: value === true ? "allow" : "if-necessary" });
    else leave(draft, { document, path: ["pipenv", key] }, "nothing stands for it");
  return draft;
}

interface Section {
  readonly key: string;
  readonly into: Item[];
}

function packages({ table, document }: Source, { key, into }: Section, draft: Draft): void {
  for (const [name, value] of Object.entries(tableAt(table, key))) {
    const at = [key, name];
    const made = requirementOf(name, value);
    if ("reason" in made) {
      leave(draft, { document, path: at }, made.reason);
      continue;
    }
    if (made.requirement !== undefined) into.push({ value: made.requirement, ...commentsOf(document, at) });
    if (made.source !== undefined) draft.sources.set(normalizeName(name), { value: made.source });
  }
}

interface Made {
  readonly requirement?: string;
  readonly source?: TomlValue;
}

const MARKERS = [
  "os_name",
  "sys_platform",
  "platform_machine",
  "platform_python_implementation",
  "platform_system",
  "python_version",
  "python_full_version",
  "implementation_name",
];
const KEYS = [
  "version",
  "extras",
  "markers",
  "index",
  "git",
  "ref",
  "subdirectory",
  "path",
  "file",
  "editable",
  ...MARKERS,
];

function requirementOf(name: string, value: unknown): Made | { readonly reason: string } {
  const entry: Table = typeof value === "string" ? { version: value } : isTable(value) ? value : {};
  const other = Object.keys(entry).find((key) => !KEYS.includes(key));
  if (other !== undefined) return { reason: `has the key \`${other}\`, which nothing stands for` };
  const text = (key: string): string | undefined => textAt(entry, key);
  const version = text("version") ?? "*";
  const named = textsAt(entry, "extras");
  const extras = named.length === 0 ? "" : `[${named.join(",")}]`;
  const own = MARKERS.flatMap((variable) => (text(variable) === undefined ? [] : [`${variable} ${text(variable)}`]));
  const marker = [...(text("markers") === undefined ? [] : [text("markers") as string]), ...own]
    .map((part, _at, all) => (all.length > 1 && part.includes(" or ") ? `(${part})` : part))
    .join(" and ");
  const place = text("path") ?? text("file");
  if (place === ".")
    return { reason: "is the project itself, which is installed anyway when it has a `[build-system]`" };
  const source = placeOf(entry) ?? indexOf(entry);
  const isPlace = source !== undefined && !("index" in source);
  const specifier = isPlace || version === "*" ? "" : /^\d/.test(version) ? `==${version}` : version;
  return {
    requirement: `${name}${extras}${specifier}${marker === "" ? "" : `; ${marker}`}`,
    ...(source !== undefined && { source }),
  };
}

function placeOf(entry: Table): Readonly<Record<string, TomlValue>> | undefined {
  const git = textAt(entry, "git");
  const ref = textAt(entry, "ref");
  if (git !== undefined)
    return { git, ...(ref !== undefined && { rev: ref }), ...below(textAt(entry, "subdirectory")) };
  const place = textAt(entry, "path") ?? textAt(entry, "file");
  if (place === undefined) return undefined;
  if (/^https?:/.test(place)) return { url: place };
  return { path: place, ...(entry["editable"] === true && { editable: true }) };
}

function indexOf(entry: Table): { readonly index: string } | undefined {
  const index = textAt(entry, "index");
  return index === undefined || index === "pypi" ? undefined : { index };
}

const below = (subdirectory: string | undefined): Readonly<Record<string, string>> =>
  subdirectory === undefined ? {} : { subdirectory };

/** The first source is the one that all packages come from. */
function indexes({ table, document }: Source, draft: Draft): void {
  const sources = tablesAt(table, "source");
  for (const [at, { name = `index-${at + 1}`, url, verify_ssl: isVerified }] of sources.entries()) {
    const shown = String(url);
    if (/\$\{?\w/.test(shown))
      leave(draft, { document, path: ["source", at] }, "its URL names variables: keep logins with `pybun auth login`");
    if (isVerified === false)
      leave(
        draft,
        { document, path: ["source", at] },
        "`verify_ssl = false`: name the host in `http.trusted-host` if it must be",
      );
    const isPublic = String(name) === "pypi" && /\/\/pypi\.[a-z]+\/simple\/?$/.test(shown);
    if (!isPublic) draft.indexes.push({ name: String(name), url: shown, ...(at === 0 && { default: true }) });
  }
}

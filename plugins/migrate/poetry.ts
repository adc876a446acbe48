import { isTable, type Table } from "../../plugin-api/project/project-text.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import type { TomlDocument, TomlPath } from "../../plugin-api/toml-document.ts";
import { commentsOf, type Draft, type Item, itemOf, leave, listIn, newDraft } from "./draft.ts";
import { specifierOf } from "./poetry-constraint.ts";
import { type Converted, convertDependency } from "./poetry-dependency.ts";
import { convertPoetryProject } from "./poetry-project.ts";
import { tableAt, tablesAt, textAt, textsAt } from "./values.ts";

const OWN = ["tool", "poetry"];

/** What Poetry's build backend reads itself, also beside `[project]`: it stays. */
const OF_BACKEND = ["packages", "include", "exclude", "build", "requires-poetry", "build-constraints"];

/** A file that is being converted. */
export interface Source {
  readonly document: TomlDocument;
  /** Its data. */
  readonly table: Table;
}

/** `[tool.poetry]` as standard tables and PyBun's (Poetry 1 and 2). Pure. */
export function convertPoetry(source: Source): Draft {
  const draft = newDraft();
  const poetry = tableAt(source.table, ...OWN);
  convertPoetryProject(source, poetry, draft);
  const optional = new Map<string, Item[]>();
  convertList(source, { path: [...OWN, "dependencies"], into: draft.dependencies, optional }, draft);
  convertGroups(source, poetry, draft);
  convertExtras(source, { poetry, optional }, draft);
  convertIndexes(source, poetry, draft);
  settleDynamic(source, draft);
  const dynamic = textsAt(tableAt(source.table, "project"), "dynamic");
  for (const key of Object.keys(poetry)) {
    const path = [...OWN, key];
    const isSaid =
      draft.removed.some((each) => each[2] === key) ||
      draft.left.some((each) => each.key.startsWith(`tool.poetry.${key}`));
    const isBackends = OF_BACKEND.includes(key) || dynamic.includes(key);
    if (!isSaid && !isBackends && !HANDLED.includes(key))
      leave(draft, { document: source.document, path }, "nothing stands for it");
  }
  return draft;
}

const HANDLED = ["dependencies", "dev-dependencies", "group", "extras", "source"];

/** What the project left to the backend and says itself now. */
function settleDynamic({ table }: Source, draft: Draft): void {
  const dynamic = textsAt(tableAt(table, "project"), "dynamic");
  const said = [
    ...(draft.dependencies.length > 0 ? ["dependencies"] : []),
    ...(draft.optional.size > 0 ? ["optional-dependencies"] : []),
    ...(draft.project.has("requires-python") ? ["requires-python"] : []),
    ...[...draft.tables.values()].map(({ path }) => path[1] ?? ""),
  ];
  const rest = dynamic.filter((key) => !said.includes(key));
  if (rest.length < dynamic.length) draft.replaced.push({ path: ["project", "dynamic"], value: rest });
}

interface List {
  readonly path: readonly string[];
  readonly into: Item[];
  /** Where optional ones go, by their name: extras name them. */
  readonly optional?: Map<string, Item[]>;
}

/** A table of dependencies. With `[project]` before it, its entries only say where packages come from (Poetry 2). */
function convertList(source: Source, { path, into, optional }: List, draft: Draft): void {
  const { document, table } = source;
  const known = path.at(-1) === "dependencies" && path.length === 3 ? declaredIn(table) : new Set<string>();
  for (const [name, value] of Object.entries(tableAt(table, ...path))) {
    const at = [...path, name];
    if (name === "python") {
      convertPython(source, { at, value }, draft);
      continue;
    }
    const made = convertDependency(name, value);
    if ("reason" in made) {
      leave(draft, { document, path: at }, made.reason);
      continue;
    }
    const isKnown = known.has(normalizeName(name));
    const list = made.isOptional && optional ? listIn(optional, normalizeName(name)) : into;
    if (!isKnown) list.push(...itemsOf(document, at, made));
    if (made.source !== undefined) draft.sources.set(normalizeName(name), { value: made.source });
    draft.removed.push(at);
  }
}

/** Names that `[project]` requires already. */
function declaredIn(table: Table): ReadonlySet<string> {
  const project = tableAt(table, "project");
  const optional = tableAt(project, "optional-dependencies");
  const texts = [
    ...textsAt(project, "dependencies"),
    ...Object.keys(optional).flatMap((extra) => textsAt(optional, extra)),
  ];
  return new Set(texts.map((text) => normalizeName(/^[\w.-]+/.exec(text)?.[0] ?? "")));
}

/** The comments stand with the first of several requirements. */
const itemsOf = (document: TomlDocument, at: TomlPath, { requirements }: Converted): readonly Item[] =>
  requirements.map((value, index) => (index === 0 ? { value, ...commentsOf(document, at) } : { value }));

function convertPython(
  { document, table }: Source,
  { at, value }: { readonly at: TomlPath; readonly value: unknown },
  draft: Draft,
): void {
  const isSaid = typeof tableAt(table, "project")["requires-python"] === "string";
  const specifier = typeof value === "string" ? specifierOf(value) : undefined;
  if (specifier === undefined)
    return leave(draft, { document, path: at }, "is no range that `requires-python` can say");
  if (!isSaid && specifier !== "") draft.project.set("requires-python", itemOf(document, at, specifier));
  draft.removed.push(at);
}

function convertGroups(source: Source, poetry: Table, draft: Draft): void {
  const { document } = source;
  if (poetry["dev-dependencies"] !== undefined)
    convertList(source, { path: [...OWN, "dev-dependencies"], into: listIn(draft.groups, "dev") }, draft);
  const usual: string[] = [];
  for (const [name, group] of Object.entries(tableAt(poetry, "group"))) {
    const path = [...OWN, "group", name];
    const into = listIn(draft.groups, name);
    const { "include-groups": _, optional, ...rest } = isTable(group) ? group : {};
    const included = isTable(group) ? textsAt(group, "include-groups") : [];
    for (const each of included) into.push({ value: { "include-group": each } });
    convertList(source, { path: [...path, "dependencies"], into }, draft);
    if (included.length > 0) draft.removed.push([...path, "include-groups"]);
    if (optional !== undefined) draft.removed.push([...path, "optional"]);
    for (const key of Object.keys(rest))
      if (key !== "dependencies") leave(draft, { document, path: [...path, key] }, "nothing stands for it");
    if (optional !== true && name !== "dev") usual.push(name);
  }
  // Poetry installs every group that is not optional; PyBun `dev` alone.
  if (usual.length > 0)
    draft.settings.set("default-groups", { value: [...(draft.groups.has("dev") ? ["dev"] : []), ...usual] });
}

interface Extras {
  readonly poetry: Table;
  readonly optional: ReadonlyMap<string, readonly Item[]>;
}

function convertExtras({ document }: Source, { poetry, optional }: Extras, draft: Draft): void {
  const used = new Set<string>();
  const extras = tableAt(poetry, "extras");
  for (const extra of Object.keys(extras)) {
    const path = [...OWN, "extras", extra];
    const list = listIn(draft.optional, extra);
    for (const written of textsAt(extras, extra)) {
      const name = normalizeName(/^[\w.-]+/.exec(written)?.[0] ?? written);
      const items = optional.get(name);
      if (items) list.push(...(used.has(name) ? items.map(({ value }) => ({ value })) : items));
      else leave(draft, { document, path }, `names \`${written}\`, which is no optional dependency`);
      used.add(name);
    }
    draft.removed.push(path);
  }
  for (const [name, items] of optional)
    if (!used.has(name)) {
      // No extra brings it, so Poetry never installs it; as an extra of its own name it is not lost.
      listIn(draft.optional, name).push(...items);
      leave(
        draft,
        { document, path: [...OWN, "dependencies", name] },
        `is optional and in no extra: it became the extra \`${name}\``,
      );
    }
}

function convertIndexes({ document }: Source, poetry: Table, draft: Draft): void {
  const sources = tablesAt(poetry, "source");
  if (sources.length === 0) return;
  const path = [...OWN, "source"];
  const isPublic = (each: Table): boolean => textAt(each, "name")?.toLowerCase() === "pypi";
  const priorityOf = (each: Table): string =>
    textAt(each, "priority")?.toLowerCase() ??
    (each["default"] === true ? "default" : each["secondary"] === true ? "supplemental" : "primary");
  const isLast = sources.some((each) => isPublic(each) && priorityOf(each) !== "explicit");
  const own = sources.filter((each) => !isPublic(each));
  const first = own.find((each) => ["default", "primary"].includes(priorityOf(each)));
  for (const each of own) {
    const priority = priorityOf(each);
    // Where a project has a source of its own, the public index counts only if it is named too.
    const isDefault = each === first && !isLast;
    draft.indexes.push({
      name: textAt(each, "name") ?? "",
      url: textAt(each, "url") ?? "",
      ...(isDefault && { default: true }),
      ...(priority === "explicit" && { explicit: true }),
    });
    if (priority === "supplemental" || priority === "secondary")
      leave(
        draft,
        { document, path: [...path, sources.indexOf(each)] },
        `index \`${textAt(each, "name")}\` was asked last and comes before the public index now; make it \`explicit\` where it serves certain packages only`,
      );
  }
  draft.removed.push(path);
}

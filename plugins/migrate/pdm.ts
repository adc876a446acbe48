import { isTable, type Table } from "../../plugin-api/project/project-text.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import type { TomlDocument, TomlPath } from "../../plugin-api/toml-document.ts";
import type { TomlValue } from "../../plugin-api/toml-value.ts";
import { commentsOf, type Draft, itemOf, leave, listIn, newDraft } from "./draft.ts";
import type { Source } from "./poetry.ts";
import { tableAt, tablesAt, textAt, textsAt } from "./values.ts";

const OWN = ["tool", "pdm"];
/** What PDM's build backend reads itself. */
const OF_BACKEND = ["build", "version"];

/** `[tool.pdm]` beside a standard `[project]`: groups, sources, resolution and scripts. Pure. */
export function convertPdm(source: Source): Draft {
  const draft = newDraft();
  const pdm = tableAt(source.table, ...OWN);
  groups(source, pdm, draft);
  indexes(source, pdm, draft);
  resolution(source, pdm, draft);
  scripts(source, pdm, draft);
  if (pdm["distribution"] !== undefined) {
    draft.settings.set("package", { value: pdm["distribution"] === true });
    draft.removed.push([...OWN, "distribution"]);
  }
  for (const key of Object.keys(pdm))
    if (!OF_BACKEND.includes(key) && !HANDLED.includes(key))
      leave(draft, { document: source.document, path: [...OWN, key] }, "nothing stands for it");
  return draft;
}

const HANDLED = ["dev-dependencies", "source", "resolution", "scripts", "distribution"];

function groups({ document }: Source, pdm: Table, draft: Draft): void {
  const lists = tableAt(pdm, "dev-dependencies");
  for (const group of Object.keys(lists)) {
    const path = [...OWN, "dev-dependencies", group];
    const items = listIn(draft.groups, group);
    const texts = textsAt(lists, group);
    const isWhole = texts
      .map((text) => member(text, { document, path, draft }))
      .every((item) => {
        if (item !== undefined) items.push({ value: item });
        return item !== undefined;
      });
    const [first] = items;
    if (first && isWhole) items[0] = { ...first, ...commentsOf(document, path) };
    if (isWhole) draft.removed.push(path);
    else draft.groups.delete(group);
  }
}

interface At {
  readonly document: TomlDocument;
  readonly path: TomlPath;
  readonly draft: Draft;
}

/** A requirement, or an editable folder as pip writes it, which becomes a name and where that comes from. */
function member(text: string, { document, path, draft }: At): string | undefined {
  const [, url, name] = /^-e\s+(?:file:\/\/)?(.*?)#egg=([\w.-]+)$/.exec(text) ?? [];
  if (!text.startsWith("-e")) return text;
  if (url === undefined || name === undefined) {
    leave(draft, { document, path }, `\`${text}\` does not say what it is called`);
    return undefined;
  }
  const folder = url.replace(/^\/?\$\{PROJECT_ROOT\}\/?/, "").replace(/^\/\.\//, "");
  draft.sources.set(normalizeName(name), { value: { path: folder, editable: true } });
  return name;
}

function indexes({ document }: Source, pdm: Table, draft: Draft): void {
  const sources = tablesAt(pdm, "source");
  for (const [at, each] of sources.entries()) {
    const name = textAt(each, "name") ?? `index-${at + 1}`;
    const url = textAt(each, "url");
    if (url === undefined || textAt(each, "type") === "find_links") {
      leave(
        draft,
        { document, path: [...OWN, "source", at] },
        "a place without an index: name it in `find-links` of `[tool.pybun]`",
      );
      continue;
    }
    draft.indexes.push({ name, url, ...(name === "pypi" && { default: true }) });
    for (const pattern of textsAt(each, "include_packages"))
      if (/^[\w.-]+$/.test(pattern)) draft.sources.set(normalizeName(pattern), { value: { index: name } });
      else
        leave(
          draft,
          { document, path: [...OWN, "source", at] },
          `\`${pattern}\` stands for several names: give each its \`index\` in \`sources\``,
        );
  }
  if (sources.length > 0 && draft.indexes.length === sources.length) draft.removed.push([...OWN, "source"]);
}

function resolution({ document }: Source, pdm: Table, draft: Draft): void {
  const table = isTable(pdm["resolution"]) ? pdm["resolution"] : {};
  for (const [key, value] of Object.entries(table)) {
    const path = [...OWN, "resolution", key];
    if (key === "overrides" && isTable(value))
      draft.settings.set("overrides", {
        value: Object.entries(value).map(([name, text]) => override(name, String(text))),
      });
    else if (key === "excludes") draft.settings.set("exclude-dependencies", itemOf(document, path, value as TomlValue));
    else if (key === "allow-prereleases")
      draft.settings.set("prerelease", { value: value === true ? "allow" : "if-necessary" });
    else {
      leave(draft, { document, path }, "nothing stands for it");
      continue;
    }
    draft.removed.push(path);
  }
}

/** A version alone is that version. */
const override = (name: string, text: string): string =>
  /^\d/.test(text) ? `${name}==${text}` : text.includes("://") ? `${name} @ ${text}` : name + text;

const COMMON = ["env", "env_file", "help", "working_dir"];
const SAME_AS: Readonly<Record<string, string>> = { env_file: "env-file", working_dir: "cwd" };

function scripts({ document }: Source, pdm: Table, draft: Draft): void {
  const all = isTable(pdm["scripts"]) ? pdm["scripts"] : {};
  for (const [name, script] of Object.entries(all)) {
    const path = [...OWN, "scripts", name];
    const task = taskOf(name, script, all);
    if (typeof task === "object" && "reason" in task) {
      leave(draft, { document, path }, task["reason"] as string);
      continue;
    }
    const { steps, others } = stepsOf(name, task, all);
    for (const [step, text] of others) draft.tasks.set(step, { value: text });
    draft.tasks.set(name, itemOf(document, path, steps));
    draft.removed.push(path);
  }
}

type TaskTable = Readonly<Record<string, TomlValue>>;

/** A chain is of tasks alone: its commands that are no script become tasks, named by their place in it. */
function stepsOf(
  name: string,
  task: TomlValue,
  all: Table,
): { readonly steps: TomlValue; readonly others: Map<string, string> } {
  const others = new Map<string, string>();
  const { chain } = task as TaskTable;
  if (!Array.isArray(chain)) return { steps: task, others };
  const steps = (chain as readonly unknown[]).map((each, at): TomlValue => {
    const text = String(each);
    if ((text.trim().split(/\s/, 1)[0] ?? "") in all) return text;
    let step = `${name}-${at + 1}`;
    while (step in all) step += "-";
    others.set(step, text);
    return step;
  });
  return { steps: { ...(task as TaskTable), chain: steps }, others };
}

/** Why a script that PDM runs by itself, before or after another, can't be a task. What it runs before may depend on it. */
function hookReason(name: string, all: Table): string | undefined {
  const [, when, target] = /^(pre|post)_(.+)$/.exec(name) ?? [];
  if (target === undefined || (when === "pre" && target in all)) return undefined;
  return `runs ${when === "pre" ? "before" : "after"} \`${target}\`: name it in a \`chain\``;
}

type NoTask = { readonly reason: string };

function taskOf(name: string, script: unknown, all: Table): TomlValue | NoTask {
  const reason = name === "_" ? "is for all scripts: say it in each task" : hookReason(name, all);
  if (reason !== undefined) return { reason };
  const hook = `pre_${name}`;
  const task = actionOf(script);
  if (!(hook in all) || (typeof task === "object" && "reason" in task)) return task;
  return { ...(typeof task === "string" ? { cmd: task } : task), "depends-on": [hook] };
}

function actionOf(script: unknown): string | TaskTable | NoTask {
  if (typeof script === "string") return script;
  if (!isTable(script)) return { reason: "is no script" };
  const { cmd, shell, call, composite } = script;
  const other = Object.keys(script).find((key) => ![...COMMON, "cmd", "shell", "call", "composite"].includes(key));
  if (other !== undefined) return { reason: `has the key \`${other}\`, which nothing stands for` };
  if (isTable(script["env_file"])) return { reason: "has an `env_file` that overrides: nothing stands for that" };
  const kinds = { cmd, shell, python: call, chain: composite };
  const action = Object.entries(kinds).find(([, value]) => value !== undefined);
  if (action === undefined) return { reason: "does nothing" };
  if (typeof call === "string" && call.includes("("))
    return { reason: "calls a function with arguments: write it as code" };
  const more = COMMON.flatMap((key) =>
    script[key] === undefined ? [] : [[SAME_AS[key] ?? key, script[key]] as const],
  );
  return Object.fromEntries([action, ...more]) as TaskTable;
}

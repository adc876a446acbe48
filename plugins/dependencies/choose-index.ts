import fs from "node:fs";
import path from "node:path";
import { InvalidSyntax } from "../../plugin-api/error.ts";
import { nearest } from "../../plugin-api/nearest.ts";
import { type ConfiguredIndex, Indexes, type SettingEntry, SettingsTable } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { appendTomlTable } from "../../plugin-api/toml-edit.ts";
import { bareUrl } from "../../plugin-api/url-scope.ts";
import { usageError } from "../../plugin-api/usage.ts";
import type { EditTarget } from "./target.ts";

/** The index that packages come from, and the file's text once it says where that is. */
export interface ChosenIndex {
  /** The packages are pinned to it; without it the index only counts with the others. */
  readonly name?: string;
  readonly text: string;
}

/**
 * A configured index by its name, which packages are then pinned to; `NAME=URL` or a URL, a folder or a file that is written into the
 * project first. Throws `E_USAGE`, `E_INDEX_INVALID`.
 */
export async function chooseIndex(asked: string, target: EditTarget, session: Session): Promise<ChosenIndex> {
  const { text } = target.source;
  const indexes = await session.use(Indexes);
  const known = indexes.list();
  const names = known.map(({ name }) => name);
  if (names.includes(asked)) return { name: asked, text };
  const [, name, place = asked] = /^([A-Za-z0-9][\w.-]*)=(.+)$/.exec(asked) ?? [];
  const isPlace =
    /^[a-z][a-z0-9+.-]*:\/\//i.test(place) || /[\\/]/.test(place) || fs.existsSync(path.resolve(session.cwd, place));
  if (!isPlace) {
    const near = nearest(asked, names);
    const hint = near === undefined ? `there are ${names.join(", ")}` : `did you mean \`${near}\`?`;
    throw usageError("add", `no index is called \`${asked}\`; ${hint}`, { index: asked, known: names });
  }
  if (name !== undefined && names.includes(name)) throw usageError("add", `an index is called \`${name}\` already`);
  const url = urlIn(place, target, session);
  const same = sameIndex(known, place, session);
  if (same && name === undefined) return { text };
  await refuseOthers(target, session);
  const table = { name: name ?? nameFor(place, names), url };
  await countAmongIndexes(
    { ...table, url: /^[a-z][a-z0-9+.-]*:/i.test(url) ? url : path.resolve(session.cwd, place) },
    target,
    session,
  );
  indexes.list();
  try {
    return { ...(name !== undefined && { name }), text: appendTomlTable(text, ["tool", "pybun", "index"], table) };
  } catch (error) {
    if (error instanceof InvalidSyntax) throw usageError("add", `the index can't be added: ${error.message}`);
    throw error;
  }
}

/** What is written into the file only at the end counts from now on. */
async function countAmongIndexes(
  table: { readonly name: string; readonly url: string },
  { member }: EditTarget,
  session: Session,
): Promise<void> {
  const settings = await session.use(SettingsTable);
  const configured = settings.entries.find(isIndexTable)?.value;
  const tables = configured === undefined ? [] : Array.isArray(configured) ? configured : [configured];
  settings.amend("indexes", [...(tables as readonly unknown[]), table], { kind: "file", name: member.file });
}

const isIndexTable = ({ key, option }: SettingEntry): boolean => key === "index" && option.kind === "table";

/** A path is written relative to the file, and no login is written at all. */
function urlIn(place: string, { member }: EditTarget, session: Session): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(place)) return bareUrl(place);
  const relative = path.relative(member.folder, path.resolve(session.cwd, place)).split(path.sep).join("/");
  return relative.startsWith(".") ? relative : `./${relative}`;
}

const sameIndex = (known: readonly ConfiguredIndex[], place: string, session: Session): ConfiguredIndex | undefined =>
  known.find(
    ({ url }) => url === place || url === `${place}/` || url === `file://${path.resolve(session.cwd, place)}/`,
  );

function nameFor(place: string, taken: readonly string[]): string {
  const word = URL.canParse(place) ? new URL(place).hostname : path.basename(place);
  const base = word.replace(/[^A-Za-z0-9.-]+/g, "-").replace(/^[^A-Za-z0-9]+/, "") || "index";
  for (let count = 1; ; count++) {
    const name = count === 1 ? base : `${base}-${count}`;
    if (!taken.includes(name)) return name;
  }
}

/** The project's list would take the place of one that stands elsewhere. */
async function refuseOthers({ member, project }: EditTarget, session: Session): Promise<void> {
  if (member.folder !== project.root)
    throw usageError("add", "a workspace's indexes are listed in its root: add it there, and name it with `--index`");
  const { entries } = await session.use(SettingsTable);
  const entry = entries.find((each) => isIndexTable(each) && each.value !== undefined);
  if (entry?.origin.kind !== "file" || [member.file, project.file].includes(entry.origin.name)) return;
  throw usageError("add", `indexes are listed in ${entry.origin.name}: add it there, and name it with \`--index\``);
}

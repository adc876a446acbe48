import type { Lock } from "../../plugin-api/model/lock.ts";
import type { ProjectEdited } from "../../plugin-api/project/change.ts";
import { parseRequirement } from "../../plugin-api/python/requirement.ts";
import type { Report, TextStyle } from "../../plugin-api/report.ts";
import type { Session } from "../../plugin-api/session.ts";
import {
  dependencies,
  type Effects,
  effectsOf,
  effectWords,
  type Row,
  rowLines,
  timeTaken,
  versionIn,
} from "./effects.ts";
import { type List, listWords } from "./lists.ts";
import type { Put } from "./put-all.ts";

/** What `add` has to tell. */
export interface Added {
  readonly puts: readonly Put[];
  readonly edited: ProjectEdited;
  /** What it leads to, where that was asked. */
  readonly lock: Lock | undefined;
  readonly list: List;
  /** The project's file, or the script. */
  readonly file: string;
  readonly isDryRun: boolean;
}

interface Told {
  readonly added: readonly Put[];
  readonly updated: readonly Put[];
  readonly same: readonly Put[];
  readonly effects: Effects;
  readonly versionOf: (name: string) => string | undefined;
  readonly isDryRun: boolean;
  readonly took: string;
}

/** What was asked for with its versions, what came with it, and the line below (cli-text: S2). */
export async function addReport(
  { puts, edited, lock, list, file, isDryRun }: Added,
  session: Session,
): Promise<Report> {
  const effects = effectsOf(edited);
  const versionOf = (name: string) => versionIn(lock, name);
  const added = puts.filter(({ from }) => from === undefined);
  const updated = puts.filter(({ from, to, isMoved }) => from !== undefined && (from !== to || isMoved));
  const same = puts.filter(({ from, to, isMoved }) => from === to && !isMoved);
  const dataOf = ({ name, to, from }: Put) => ({
    name,
    requirement: to,
    list: listWords(list) || "dependencies",
    version: versionOf(name) ?? null,
    ...(from !== undefined && from !== to && { before: from }),
  });
  const told: Told = { added, updated, same, effects, versionOf, isDryRun, took: await timeTaken(session) };
  return {
    exitCode: 0,
    data: {
      file,
      added: added.map(dataOf),
      updated: updated.map(dataOf),
      unchanged: same.map(dataOf),
      ...effects.data,
      dry_run: isDryRun,
    },
    text: (ui) => textOf(told, ui),
  };
}

function textOf({ added, updated, same, effects, versionOf, ...told }: Told, ui: TextStyle): string {
  const notes = same.map((put) => sameLine(put, versionOf(put.name), ui));
  if (added.length + updated.length + effects.changes.length === 0)
    return notes.length > 0 ? notes.join("\n") : `${ui.ok("Up to date")}: there was nothing to add`;
  const own = [...added, ...updated].map((put) => ownRow(put, { effects, versionOf }));
  const isOwn = (name: string): boolean => own.some((row) => row.name === name);
  const others = effects.changes.filter(({ name }) => !isOwn(name));
  return [...rowLines(own, others, ui), ...notes, summary({ added, updated, effects, ...told }, ui)].join("\n");
}

function ownRow({ name, from, to }: Put, { effects, versionOf }: Pick<Told, "effects" | "versionOf">): Row {
  const change = effects.changes.find((each) => each.name === name);
  const now = versionOf(name);
  const before = change?.sign === "~" && from !== undefined ? change.from : [];
  const versions = [...before, ...(now === undefined ? [] : [now])];
  return { sign: from === undefined ? "+" : "~", name, isDirect: true, versions, ...(to !== name && { note: to }) };
}

/** `fastapi is a dependency already (>=0.165.0, locked 0.165.0)`. */
function sameLine({ name, to }: Put, version: string | undefined, ui: TextStyle): string {
  const { specifier } = parseRequirement(to);
  const facts = [...(specifier === "" ? [] : [specifier]), ...(version === undefined ? [] : [`locked ${version}`])];
  return `${ui.ok("Up to date")}: ${name} is a dependency already${facts.length === 0 ? "" : ` (${facts.join(", ")})`}`;
}

/** `Added 2 dependencies, installed 15 packages in 0.9s`. */
function summary(told: Omit<Told, "same" | "versionOf">, ui: TextStyle): string {
  const { added, updated, effects, isDryRun, took } = told;
  const acts = [
    ...(added.length > 0 ? [["add", added.length] as const] : []),
    ...(updated.length > 0 ? [["update", updated.length] as const] : []),
  ];
  const [first] = acts;
  const verb = first === undefined ? "sync" : first[0];
  const label = `${isDryRun ? `Would ${verb}` : DONE[verb]}${first === undefined ? ":" : ""}`;
  const parts = [
    ...acts.map(([act, count], at) =>
      at === 0 ? dependencies(count) : `${isDryRun ? act : DONE[act].toLowerCase()} ${count}`,
    ),
    ...effectWords(effects),
  ];
  const words = isDryRun
    ? parts.join(", ").replaceAll(/\b(install|uninstall|lock|unlock|chang)ed\b/g, asWould)
    : parts.join(", ");
  return `${ui.ok(label)} ${words}${isDryRun ? "" : ` ${ui.dim(`in ${took}`)}`}`;
}

const DONE = { add: "Added", update: "Updated", sync: "Synced" } as const;
const asWould = (_word: string, stem: string): string => (stem === "chang" ? "change" : stem);

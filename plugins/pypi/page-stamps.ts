import { sha256Of } from "../../plugin-api/hash/native.ts";
import type { PackageName, PageName } from "../../plugin-api/model/requirement.ts";
import type { PageStamps } from "../../plugin-api/page-stamps.ts";
import type { Session } from "../../plugin-api/session.ts";
import { statusNotices } from "./finish.ts";
import type { Index } from "./index-list.ts";
import { indexesFor, isUsable, noteAnswer, noteOf, pageKey, pagesOf, warnOfConfusion } from "./pages.ts";
import { IndexState } from "./state.ts";

type Names = readonly PageName[];
/** What identifies a page; empty when the index lacks the package, undefined when that is not known. */
type NoteOf = (key: string, name: PackageName) => string | undefined;

/** Stamps made of the validators and digests of pages, by name and index: no page is opened for them. */
export default async function pageStamps(session: Session): Promise<PageStamps> {
  const state = await session.use(IndexState);
  return {
    async used(names) {
      const notes = names.map((name) => notesOf(name, (key) => state.answered.get(key) ?? undefined, state));
      return digestOf(notes, state);
    },
    async current(names) {
      if (state.indexes.some(isLocal)) return undefined;
      const notes = keptNotes(names, state);
      const old = names.filter((_, i) => notes[i] === undefined);
      if (old.length > 0) for (const name of names) state.ahead.saw(name);
      await Promise.all(old.map((name) => pagesOf(name, state)));
      if (state.takesAll) warnOfConfusions(names, state);
      return digestOf(old.length > 0 ? keptNotes(names, state) : notes, state);
    },
    notices: (chosen) => statusNotices(chosen, state),
    standing(names) {
      if (state.takesAll || state.isAnyRefreshed || state.indexes.some(isLocal)) return undefined;
      const kept = state.records.state();
      return names ? { state: kept, untilS: freshUntilS(names, state) } : { state: kept };
    },
  };
}

const isLocal = ({ url }: Index): boolean => url.startsWith("file:");

function keptNotes(names: Names, state: IndexState): readonly (string | undefined)[] {
  const note: NoteOf = (key, name) => {
    const record = state.records.find(key);
    if (!record || !isUsable(record, { key, name }, state)) return undefined;
    noteAnswer(key, record, state);
    return noteOf(record);
  };
  return names.map((name) => notesOf(name, note, state));
}

/** When the first of the records behind these pages has to be looked at again. */
function freshUntilS(names: Names, state: IndexState): number {
  let untilS = Number.MAX_SAFE_INTEGER;
  const note: NoteOf = (key) => {
    const record = state.records.find(key);
    untilS = Math.min(untilS, record?.freshUntilS ?? 0);
    return record && noteOf(record);
  };
  for (const name of names) notesOf(name, note, state);
  return untilS;
}

/** The notes of the indexes that are asked for the package, each with the index's number. */
function notesOf(page: PageName, note: NoteOf, state: IndexState): string | undefined {
  const { name } = page;
  let notes = name as string;
  for (const index of indexesFor(page, state)) {
    const text = isLocal(index) ? undefined : note(pageKey(index, name), name);
    if (text === undefined) return undefined;
    notes += ` ${state.indexes.indexOf(index)} ${text}`;
    if (text !== "" && !state.takesAll) break;
  }
  return notes;
}

function digestOf(
  notes: readonly (string | undefined)[],
  { indexes, takesAll: isAll }: IndexState,
): string | undefined {
  if (notes.includes(undefined)) return undefined;
  const places = indexes.map(({ name, url, rules }) => `${name} ${url} ${rules.excludeNewerMs ?? ""}`);
  return sha256Of([isAll, ...places, ...notes].join("\n"));
}

function warnOfConfusions(names: Names, state: IndexState): void {
  for (const page of names) {
    const { name } = page;
    const found = indexesFor(page, state).filter((index) => state.answered.get(pageKey(index, name)));
    if (found.length > 1) warnOfConfusion(name, found, state);
  }
}

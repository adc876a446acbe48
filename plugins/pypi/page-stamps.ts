import type { PackageName } from "../../plugin-api/model/requirement.ts";
import type { PageStamps } from "../../plugin-api/page-stamps.ts";
import type { Session } from "../../plugin-api/session.ts";
import type { Index } from "./index-list.ts";
import { indexesFor, isUsable, noteOf, pageKey, pagesOf, warnOfConfusion } from "./pages.ts";
import { IndexState } from "./state.ts";

/** What identifies the page of a package on an index; empty when the index lacks it, undefined when that is not known. */
type NoteOf = (index: Index, name: PackageName) => string | undefined;

/** Stamps made of the validators and digests of pages: no page is opened for them. */
export default async function pageStamps(session: Session): Promise<PageStamps> {
  const state = await session.use(IndexState);
  const answered: NoteOf = (index, name) => state.answered.get(pageKey(index, name)) ?? undefined;
  const kept: NoteOf = (index, name) => {
    const key = pageKey(index, name);
    const record = state.records.find(key);
    return record && isUsable(record, { key, name }, state) ? noteOf(record) : undefined;
  };
  /** The notes of the indexes that are asked for the package, each with the index's number. */
  const notesOf = (name: PackageName, note: NoteOf): readonly string[] | undefined => {
    const notes: string[] = [];
    for (const index of indexesFor(name, state)) {
      const text = index.url.startsWith("file:") ? undefined : note(index, name);
      if (text === undefined) return undefined;
      notes.push(`${state.indexes.indexOf(index)} ${text}`);
      if (text !== "" && !state.takesAll) break;
    }
    return notes;
  };
  const places = state.indexes.map(({ name, url }) => `${name} ${url}`).join("\n");
  const stamp = (names: readonly PackageName[], note: NoteOf): string | undefined => {
    const notes = names.map((name) => notesOf(name, note));
    if (notes.includes(undefined)) return undefined;
    return `${places}\n${state.takesAll}\n${notes.map((list, i) => `${names[i]} ${list!.join(" ")}`).join("\n")}`;
  };
  return {
    used: (names) => stamp(names, answered),
    async current(names) {
      if (state.indexes.some(({ url }) => url.startsWith("file:"))) return undefined;
      const old = names.filter((name) => notesOf(name, kept) === undefined);
      if (old.length > 0) for (const name of names) state.ahead.saw(name);
      await Promise.all(old.map((name) => pagesOf(name, state)));
      if (state.takesAll) {
        for (const name of names) {
          const found = indexesFor(name, state).filter((index) => kept(index, name));
          if (found.length > 1) warnOfConfusion(name, found, state);
        }
      }
      return stamp(names, kept);
    },
  };
}

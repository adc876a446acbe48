import { warning } from "../../plugin-api/diagnostic.ts";
import type { VersionPage } from "../../plugin-api/model/distribution.ts";
import type { PackageName, PageName } from "../../plugin-api/model/requirement.ts";
import type { PackRecord } from "../../plugin-api/pack/pack.ts";
import { encodeVersionPage } from "../../plugin-api/page/encode.ts";
import { DamagedPage, openVersionPage } from "../../plugin-api/page/view.ts";
import { invalidPin } from "./failure.ts";
import { fetchPage } from "./fetch-page.ts";
import type { Index } from "./index-list.ts";
import { openedPage } from "./opened.ts";
import type { IndexState, RuledIndex } from "./state.ts";

/**
 * The pages of a package, one per index that has it, in the order of the indexes. With the strategy `first-index` the
 * search ends with the first one: what a later index has is not even asked for, so nobody learns of private names. Of a
 * package that has to come from an index, no other is asked.
 */
export async function pagesOf(asked: PageName, state: IndexState): Promise<readonly VersionPage[]> {
  const { name } = asked;
  state.ahead.saw(asked);
  const indexes = indexesFor(asked, state);
  if (state.takesAll) {
    const pages = await Promise.all(indexes.map((index) => pageOf(name, index, state)));
    const found = pages.filter((page) => page !== undefined);
    if (found.length > 1)
      warnOfConfusion(
        name,
        indexes.filter((_, i) => pages[i]),
        state,
      );
    return found.length > 0 ? found : indexes.map((index) => emptyPage(name, index));
  }
  for (const index of indexes) {
    const page = await pageOf(name, index, state);
    if (page) return [page];
  }
  return indexes.map((index) => emptyPage(name, index));
}

/** As `pagesOf`, where all that is asked for may be used as it is kept; undefined where an index or a file has to be looked at. */
export function keptPages(asked: PageName, state: IndexState): readonly VersionPage[] | undefined {
  if (state.takesAll) return undefined;
  const indexes = indexesFor(asked, state);
  const found: Kept[] = [];
  for (const index of indexes) {
    const isPaged = index.publicKey === undefined && index.format !== "flat" && !index.url.startsWith("file:");
    const kept = isPaged ? keptPage(asked.name, index, state) : undefined;
    if (!kept) return undefined;
    found.push(kept);
    if (kept.page) break;
  }
  state.ahead.saw(asked);
  for (const kept of found) tellOf(kept, state);
  const page = found.at(-1)?.page;
  return page ? [page] : indexes.map((index) => emptyPage(asked.name, index));
}

/** Where nobody has a package, empty pages tell where it was looked for. */
const emptyPage = (name: PackageName, index: Index): VersionPage =>
  openVersionPage(encodeVersionPage({ name, index: index.name, status: "active", files: [] }));

/** When the kept page of a package was last confirmed, seconds since the epoch; by the index's name. */
export function seenAtS(name: PackageName, indexName: string, state: IndexState): number | undefined {
  const index = state.indexes.find((each) => each.name === indexName);
  const record = index && state.records.find(pageKey(index, name));
  return record && openPage(pageKey(index, name), record, index) ? record.checkedAtS : undefined;
}

/** The status of a package on the page that was given of it, by the index's name. */
export function statusOf(name: PackageName, indexName: string, state: IndexState): string | undefined {
  const index = state.indexes.find((each) => each.name === indexName);
  const key = index && pageKey(index, name);
  const note = key && (state.answered.get(key) ?? state.records.find(key)?.note);
  return note?.slice(note.lastIndexOf("\n") + 1);
}

/** The indexes that are asked for a package. Throws `E_INDEX_INVALID` when it has to come from one that is not configured. */
export function indexesFor({ name, index: wanted }: PageName, { indexes }: IndexState): readonly RuledIndex[] {
  if (wanted === undefined) return indexes.filter((index) => !index.isExplicit);
  const index = indexes.find((each) => each.name === wanted);
  if (!index) throw invalidPin(name, wanted, indexes);
  return [index];
}

async function pageOf(name: PackageName, index: RuledIndex, state: IndexState): Promise<VersionPage | undefined> {
  if (index.publicKey !== undefined) {
    const { isListed } = await import("./signed-index.ts");
    if (!(await isListed(name, index, state))) return undefined;
  }
  if (index.format === "flat") {
    const { readFlatPage } = await import("./flat-index.ts");
    return readFlatPage(name, index, state);
  }
  if (index.url.startsWith("file:")) {
    const { readLocalPage } = await import("./local-index.ts");
    const page = await readLocalPage(name, index, state);
    if (page?.status === "quarantined") warnOfQuarantine(name, index, state);
    return page;
  }
  const kept = keptPage(name, index, state);
  if (kept) {
    tellOf(kept, state);
    return kept.page ?? undefined;
  }
  const key = pageKey(index, name);
  const record = state.records.find(key);
  const page = record && openPage(key, record, index);
  if (state.isOffline) return state.misses.miss({ name, what: "index page" });
  if (record) state.ahead.start(state);
  return state.flights.share(key, async () => {
    state.session.emit({ type: "CacheMiss", cache: "index", key: name });
    const fresh = await fetchPage({ name, index, key, known: page === undefined ? undefined : record }, state);
    const fetched = openPage(key, fresh, index);
    state.checked.add(key);
    noteAnswer(key, fresh, state);
    if (fetched?.status === "quarantined") warnOfQuarantine(name, index, state);
    return fetched ?? undefined;
  });
}

interface Kept {
  readonly key: string;
  readonly name: PackageName;
  readonly index: RuledIndex;
  readonly record: PackRecord;
  /** Null where the index does not have the package. */
  readonly page: VersionPage | null;
}

/** What is kept of a page, where it may be given without asking the index. */
function keptPage(name: PackageName, index: RuledIndex, state: IndexState): Kept | undefined {
  const key = pageKey(index, name);
  const record = state.records.find(key);
  if (!record || !isUsable(record, { key, name }, state)) return undefined;
  const page = openPage(key, record, index);
  return page === undefined ? undefined : { key, name, index, record, page };
}

function tellOf({ key, name, index, record, page }: Kept, state: IndexState): void {
  noteAnswer(key, record, state);
  if (page?.status === "quarantined") warnOfQuarantine(name, index, state);
  if (!state.checked.has(key))
    state.session.emit({ type: "CacheHit", cache: "index", key: name, bytes: record.value.length });
}

/** The index's name is part of the record's content, hence of its key. */
export const pageKey = ({ name: index, url, publicKey }: Index, name: PackageName): string =>
  `page ${index} ${url} ${name}${publicKey === undefined ? "" : ` signed ${publicKey}`}`;

/** Whether a kept page may be given without asking the index. */
export const isUsable = (record: PackRecord, { key, name }: { key: string; name: PackageName }, state: IndexState) =>
  state.isOffline || state.checked.has(key) || (isFresh(record, state) && !state.isRefreshed(name));

/** What was asked for in the future, by a clock that was wrong then or is now, would else be fresh until that. */
export const isFresh = ({ checkedAtS, freshUntilS }: PackRecord, state: IndexState): boolean =>
  freshUntilS > state.nowS() && checkedAtS <= state.nowS();

/** Validators and digest of a page: what tells it from any other; empty when the index lacks the package. */
export const noteOf = ({ note, value }: PackRecord): string => (value.length === 0 ? "" : note);

/** Remembers which page was given. Of two in one run, nobody can say which one something was made from. */
export function noteAnswer(key: string, record: PackRecord, { answered }: IndexState): void {
  const [before, note] = [answered.get(key), noteOf(record)];
  answered.set(key, before === undefined || before === note ? note : null);
}

/** The page in a record; null for one that says the index does not have the package; undefined for one to be made anew. */
function openPage(key: string, record: PackRecord, { rules }: RuledIndex): VersionPage | null | undefined {
  if (record.value.length === 0) return null;
  try {
    return openedPage(key, record, rules);
  } catch (error) {
    if (error instanceof DamagedPage) return undefined;
    throw error;
  }
}

function warnOfQuarantine(name: PackageName, index: Index, state: IndexState): void {
  if (state.checked.has(`quarantined ${name} ${index.name}`)) return;
  state.checked.add(`quarantined ${name} ${index.name}`);
  const message = `\`${name}\` is in quarantine on index \`${index.name}\`, none of its files is used`;
  const diagnostic = warning("W_QUARANTINED", message, { context: { package: name, index: index.name } });
  state.session.emit({ type: "Diagnostic", diagnostic });
}

/** The package is on several indexes, and all of them count. */
export function warnOfConfusion(name: PackageName, indexes: readonly Index[], state: IndexState): void {
  if (state.checked.has(`confused ${name}`)) return;
  state.checked.add(`confused ${name}`);
  const names = indexes.map((index) => `\`${index.name}\``).join(" and ");
  const diagnostic = warning(
    "W_INDEX_CONFUSION",
    `\`${name}\` is on ${names}, and a version of any of them may be taken`,
    {
      context: { package: name, indexes: indexes.map((index) => index.name) },
    },
  );
  state.session.emit({ type: "Diagnostic", diagnostic });
}

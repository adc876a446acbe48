import { compileWhatRepeats } from "../../plugin-api/jit/native.ts";
import { startIsOver } from "../../plugin-api/memory/native.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import type { Entry } from "../../plugin-api/pack/format.ts";
import { fingerprint } from "../../plugin-api/pack/native.ts";
import type { PackRecord } from "../../plugin-api/pack/pack.ts";
import { ACCEPT } from "../../plugin-api/page/simple-api.ts";
import type { HttpAnswer } from "../../plugin-api/services.ts";
import { letGo } from "../../plugin-api/system/let-go.ts";
import { noIndexPage, refused, unexpectedStatus, unreachable, unsafePage } from "./failure.ts";
import type { Index } from "./index-list.ts";
import { readPage } from "./read-page.ts";
import type { IndexState } from "./state.ts";

/** A page to fetch, and what is known of it. */
export interface PageQuery {
  readonly name: PackageName;
  readonly index: Index;
  /** Key of its record. */
  readonly key: string;
  /** The record to confirm or replace. */
  readonly known: PackRecord | undefined;
}

/** Larger than any page there is, yet nothing that fills the memory. */
const MAX_PAGE_BYTES = 128 * 1024 * 1024;
const GONE = new Set([404, 410]);
/** How long an index's word that it lacks a package is believed. */
const ABSENT_S = 600;

/**
 * Fetches a package's page and keeps it as a record. When the server says that the known one still holds, or sends the
 * same bytes again, that record is renewed and nothing is parsed. An empty value says that the index lacks the package.
 */
export async function fetchPage(query: PageQuery, state: IndexState): Promise<PackRecord> {
  const { name, index, key, known } = query;
  const [etag = "", lastModified = "", print = ""] = known?.note.split("\n") ?? [];
  const http = await state.http();
  const answer = await unreachable(index, () =>
    http.get(`${index.url}${name}/`, {
      accept: ACCEPT,
      cache: "bypass",
      maxBytes: MAX_PAGE_BYTES,
      ...(etag !== "" && { etag }),
      ...(lastModified !== "" && { lastModified }),
    }),
  );
  const times = timesOf(answer, state);
  if (known && answer.status === 304) return renew(key, known, { times, state });
  if (index.publicKey !== undefined && (GONE.has(answer.status) || answer.status === 200)) {
    const { checkSigned } = await import("./signed-index.ts");
    await checkSigned({ name, index, body: answer.status === 200 ? answer.body : undefined }, state);
  }
  if (GONE.has(answer.status)) {
    const freshUntilS = Math.min(times.freshUntilS, times.checkedAtS + ABSENT_S);
    return keep({ key, note: "", value: new Uint8Array(0), ...times, freshUntilS }, answer, state);
  }
  if (answer.status === 401 || answer.status === 403) throw refused(name, index, answer.status);
  if (answer.status !== 200) throw unexpectedStatus(index, answer.status);
  const newPrint = fingerprint(answer.body);
  if (known && known.value.length > 0 && print === newPrint) return renew(key, known, { times, state });
  compileWhatRepeats();
  void startIsOver();
  const contentType = answer.headers["content-type"] ?? "";
  const read = await readPage({ name, index: index.name, url: answer.url, contentType, body: answer.body });
  letGo(answer.body);
  if (read === undefined) return fetchPage(query, state);
  if ("fault" in read) throw (read.fault === "unsafe" ? unsafePage : noIndexPage)(name, index, read.message);
  const validators = [answer.headers["etag"] ?? "", answer.headers["last-modified"] ?? ""];
  const note = [...validators, newPrint, read.status].join("\n");
  return keep({ key, note, value: read.value, ...times }, answer, state);
}

type Times = Pick<Entry, "checkedAtS" | "freshUntilS">;

function renew(key: string, record: PackRecord, { times, state }: { times: Times; state: IndexState }): PackRecord {
  state.records.renew(key, times);
  return { ...record, ...times };
}

const timesOf = (answer: HttpAnswer, state: IndexState): Times => ({
  checkedAtS: state.nowS(),
  freshUntilS: Math.floor(answer.freshUntilMs / 1000),
});

function keep(entry: Entry & PackRecord, { isStorable }: HttpAnswer, state: IndexState): PackRecord {
  if (isStorable) state.records.put(entry);
  else state.records.remember(entry);
  return entry;
}

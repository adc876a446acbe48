import { buildChain } from "../../plugin-api/build-chain.ts";
import type { DistributionFile } from "../../plugin-api/model/distribution.ts";
import type { PackRecord } from "../../plugin-api/pack/pack.ts";
import type { AtHand, Perform } from "../../plugin-api/plugin.ts";
import type { SourceMetadata } from "../../plugin-api/python/source-metadata.ts";
import type { MetadataQuery } from "../../plugin-api/stages.ts";
import { isLocal, recordKey } from "./file-identity.ts";
import { packMetadata } from "./metadata-record.ts";
import { keepOpened, openedMetadata } from "./opened.ts";
import { isFresh, seenAtS } from "./pages.ts";
import { IndexState, stateAtHand } from "./state.ts";

/** How long metadata is kept of a file whose digest nobody states: the URL may serve another one tomorrow. */
const UNSURE_S = 600;

/** Answers with the metadata of a file from an index or a page of archives. What was read once is never read again. */
const findMetadata: Perform<"fetch.metadata"> = async (query, session) => {
  if (query.source.kind !== "index") return undefined;
  const state = stateAtHand(session) ?? (await session.use(IndexState));
  const { name, version, file, source } = query;
  const key = recordKey("metadata", file);
  const record = state.records.find(key);
  if (record && isUsable(record, file, state)) return openedMetadata(key, record.value, query);
  if (state.isOffline && !isLocal(file)) {
    return state.misses.miss({ name, what: `${version} metadata`, seenAtS: seenAtS(name, source.index, state) });
  }
  return state.flights.share(flightKey(key, file), async () => {
    const metadata = await readMetadata(query, state);
    const { value, kept } = packMetadata(metadata);
    const checkedAtS = state.nowS();
    const entry = { key, note: "", value, checkedAtS, freshUntilS: checkedAtS + UNSURE_S };
    if (isLocal(file) && file.sha256 === undefined) state.records.remember(entry);
    else state.records.put(entry);
    return keepOpened(key, value, { name, version, ...kept });
  });
};
export default findMetadata;

/** What was read before. */
export const atHand: AtHand<"fetch.metadata"> = (query, session) => {
  const state = query.source.kind === "index" ? stateAtHand(session) : undefined;
  const key = recordKey("metadata", query.file);
  const record = state?.records.find(key);
  return state && record && isUsable(record, query.file, state) ? openedMetadata(key, record.value, query) : undefined;
};

/** Only who is within the same builds may wait for one another: a build can need metadata of what is being built. */
const flightKey = (key: string, { kind }: DistributionFile): string =>
  kind === "sdist" ? [key, ...buildChain()].join(" < ") : key;

function isUsable(record: PackRecord, { sha256 }: DistributionFile, state: IndexState): boolean {
  return sha256 !== undefined || state.isOffline || isFresh(record, state);
}

type Read = (query: MetadataQuery, state: IndexState) => Promise<SourceMetadata>;
/** Asked for thousands of times, which is felt where each asks for its module. */
let wheelMetadata: Read | undefined;

function readMetadata(query: MetadataQuery, state: IndexState): Promise<SourceMetadata> {
  if (query.file.kind === "sdist") return import("./sdist-metadata.ts").then(({ default: read }) => read(query, state));
  return wheelMetadata
    ? wheelMetadata(query, state)
    : import("./wheel-metadata.ts").then(({ default: read }) => (wheelMetadata = read)(query, state));
}

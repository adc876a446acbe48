import path from "node:path";
import { parseCutOff } from "../../plugin-api/cut-off.ts";
import type { MirrorManifest } from "../../plugin-api/mirror/manifest.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import { Pack } from "../../plugin-api/pack/pack.ts";
import type { Shelf } from "../../plugin-api/page/shelf.ts";
import type { PageRules } from "../../plugin-api/page/view.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import { serviceKey } from "../../plugin-api/service.ts";
import { Clock, Credentials, Host, Http, SettingsTable } from "../../plugin-api/services.ts";
import { type Session, settingsOf } from "../../plugin-api/session.ts";
import { bareUrl } from "../../plugin-api/url-scope.ts";
import { Flights } from "./flights.ts";
import { HostTraits } from "./host-traits.ts";
import { homeOf } from "./index-homes.ts";
import { type Index, indexList, indexPlaces } from "./index-list.ts";
import type { JsonIndex } from "./json-index.ts";
import { OfflineMisses } from "./offline.ts";
import { RefreshAhead } from "./refresh-ahead.ts";
import { settings } from "./settings.ts";

/** What the handlers of this plugin share during a run. */
export interface IndexState extends Disposable {
  readonly session: Session;
  /** In the order they are asked; URLs without user-info. */
  readonly indexes: readonly RuledIndex[];
  /** Every index that has a page is of interest, not only the first. */
  readonly takesAll: boolean;
  readonly records: Pack;
  readonly traits: HostTraits;
  readonly flights: Flights;
  readonly ahead: RefreshAhead;
  readonly misses: OfflineMisses;
  /** JSON indexes on disk, read once. */
  readonly jsonIndexes: Map<string, JsonIndex>;
  /** Manifests of signed indexes by name, verified. */
  readonly manifests: Map<string, Promise<MirrorManifest>>;
  /** Flat indexes by name, read once. */
  readonly flatIndexes: Map<string, Promise<Pick<Shelf, "filesOf">>>;
  /** Pages that were asked for in this run: none is asked for twice. */
  readonly checked: Set<string>;
  /** Which page was given, by the page's key; null when it was not the same all the time. */
  readonly answered: Map<string, string | null>;
  readonly isOffline: boolean;
  /** Downloads that outlive a run: source archives. */
  readonly artifactsDir: string;
  readonly nowS: () => number;
  /** Loaded with the first request, so that a run which finds everything in the cache starts no client. */
  readonly http: () => Promise<Http>;
  readonly isRefreshed: (name: PackageName) => boolean;
  readonly isAnyRefreshed: boolean;
}
/** An index with what its settings say of all its pages. */
export type RuledIndex = Index & { readonly rules: PageRules };
export const IndexState = serviceKey<IndexState>("pypi");

/** Makes the state of a run. Reads the cache's table of contents; opens no connection. */
export default async function openState(session: Session): Promise<IndexState> {
  const [host, clock, table] = await Promise.all([session.use(Host), session.use(Clock), session.use(SettingsTable)]);
  const own = settingsOf(session, settings);
  const configured = indexList(own, indexPlaces(table, session.cwd));
  const folder = host.env["PYBUN_PYPI_CACHE_DIR"] ?? path.join(host.dataDir, "index");
  const nowS = (): number => Math.floor(clock.nowMs() / 1000);
  const records = new Pack(path.join(folder, "pack"));
  const refreshed = new Set(own.refreshPackage.map((name) => normalizeName(name)));
  let http: Promise<Http> | undefined;
  const isTriedInTurn = own.indexStrategy === "unsafe-first-match";
  const indexes = configured.map((index, i): RuledIndex => {
    const rules = { ...(isTriedInTurn && i > 0 && { precedence: i }), ...cutOffOf(index, clock.nowMs()) };
    return { ...index, url: bareUrl(index.url), rules };
  });
  const state: IndexState = {
    session,
    indexes,
    takesAll: own.indexStrategy !== "first-index",
    records,
    traits: new HostTraits(records),
    flights: new Flights(),
    ahead: new RefreshAhead(),
    misses: new OfflineMisses(nowS),
    jsonIndexes: new Map(),
    manifests: new Map(),
    flatIndexes: new Map(),
    checked: new Set(),
    answered: new Map(),
    isOffline: host.isOffline,
    artifactsDir: path.join(host.dataDir, "artifacts"),
    nowS,
    http: () => (http ??= connect(session, configured, host)),
    isAnyRefreshed: own.refresh || refreshed.size > 0,
    isRefreshed: (name) => own.refresh || refreshed.has(name),
    // What no resolution settled, such as the pages of one that failed, is worth keeping too.
    [Symbol.dispose]: () => records.spill(),
  };
  states.set(session, state);
  return state;
}

const states = new WeakMap<Session, IndexState>();
/** The state of a run, where it was asked for before. */
export const stateAtHand = (session: Session): IndexState | undefined => states.get(session);

/** Ages count from the last full hour, so that what was made from a page is of use for more than a moment. */
const AGE_STEP_MS = 3_600_000;

function cutOffOf({ excludeNewer }: Index, nowMs: number): PageRules {
  if (excludeNewer === undefined) return {};
  const time = excludeNewer === false ? undefined : parseCutOff(excludeNewer, nowMs - (nowMs % AGE_STEP_MS));
  return { excludeNewerMs: time ?? Number.POSITIVE_INFINITY };
}

async function connect(session: Session, configured: readonly Index[], host: Host): Promise<Http> {
  const [http, credentials] = await Promise.all([session.use(Http), session.use(Credentials)]);
  for (const index of configured) {
    const { url, name } = index;
    if (url.startsWith("http")) credentials.learn({ url, name, home: () => homeOf(index, configured, host) });
  }
  return http;
}

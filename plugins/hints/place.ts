import path from "node:path";
import { sha256Of } from "../../plugin-api/hash/native.ts";
import type { Demand } from "../../plugin-api/model/requirement.ts";
import type { Request } from "../../plugin-api/model/resolution.ts";
import { formatRequirement } from "../../plugin-api/python/requirement.ts";
import { Catalogue, Host, SettingsTable } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { witnessesOf } from "./witnesses.ts";

/** Raised when hints change their form. */
const FORM = 1;

/** Where the hint for a request lies, and who has to vouch for it. */
export interface Place {
  /** Digest of all that the request and the settings say. */
  readonly key: string;
  readonly file: string;
  /** Plugins whose stamps it bears. */
  readonly witnesses: readonly string[];
}

/** A request is prepared once and then both recalled and kept. */
const places = new WeakMap<Request, Promise<Place | undefined>>();

/** Undefined for a request whose resolution nobody could vouch for later. */
export function placeOf(request: Request, session: Session): Promise<Place | undefined> {
  let place = places.get(request);
  if (!place) places.set(request, (place = findPlace(request, session)));
  return place;
}

async function findPlace(request: Request, session: Session): Promise<Place | undefined> {
  const { demands, constraints = [], overrides = [] } = request;
  const said = [demands, constraints, overrides];
  if (said.some((list) => list.some(({ requirement }) => requirement.url !== undefined))) return undefined;
  // A cut-off that is an age names another millisecond each time: nothing kept for it would be found again.
  const { excludeNewerMs, excludeNewerPackages = {} } = request.policy;
  if ([excludeNewerMs, ...Object.values(excludeNewerPackages)].some((ms) => (ms ?? 0) % 1000 !== 0)) return undefined;
  const [host, catalogue, settings] = await Promise.all([
    session.use(Host),
    session.use(Catalogue),
    session.use(SettingsTable),
  ]);
  const witnesses = witnessesOf(catalogue, settings);
  if (!witnesses) return undefined;
  const deciding = settings.entries.filter(({ option }) => option.decidesPackages);
  const facts = [
    FORM,
    host.version,
    catalogue.plugins.map(({ name, version }) => `${name} ${version}`),
    deciding.map(({ key, value }) => [key, value ?? null]),
    said.map(textsOf),
    [...(request.preferences ?? [])].sort(([a], [b]) => (a < b ? -1 : 1)),
    Object.entries(request.policy).sort(([a], [b]) => (a < b ? -1 : 1)),
    request.target,
  ];
  const key = sha256Of(JSON.stringify(facts));
  return { key, file: path.join(host.dataDir, "hints", key), witnesses };
}

/** In their order, which decides between answers that are equally good. */
const textsOf = (demands: readonly Demand[]): readonly string[] =>
  demands.map(({ requirement }) => formatRequirement(requirement));

import path from "node:path";
import { sha256Of } from "../../plugin-api/hash/native.ts";
import type { ResolutionPolicy } from "../../plugin-api/model/resolution.ts";
import { Catalogue, Host, SettingsTable } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { witnessesOf } from "./witnesses.ts";

/** Raised when hints change their form. */
const FORM = 4;

/** Where the hint for a request lies, and who has to vouch for it. */
export interface Place {
  /** Digest of all that the request and the settings say. */
  readonly key: string;
  readonly file: string;
  /** Plugins whose stamps it bears. */
  readonly witnesses: readonly string[];
}

/** A request of either stage. */
export interface Asked {
  readonly stage: "resolve" | "lock";
  readonly policy: ResolutionPolicy;
  /** Everything that the request says, as JSON holds it, in an order that is the same every time. */
  readonly facts: readonly unknown[];
}

/** A request is prepared once and then both recalled and kept. */
const places = new WeakMap<object, Promise<Place | undefined>>();

/** Undefined for a request whose answer nobody could vouch for later. */
export function placeOf<R extends object>(
  request: R,
  asked: (request: R) => Asked,
  session: Session,
): Promise<Place | undefined> {
  let place = places.get(request);
  if (!place) places.set(request, (place = findPlace(asked(request), session)));
  return place;
}

async function findPlace({ stage, policy, facts }: Asked, session: Session): Promise<Place | undefined> {
  // A cut-off that is an age names another millisecond each time: nothing kept for it would be found again.
  const { excludeNewerMs, excludeNewerPackages = {} } = policy;
  if ([excludeNewerMs, ...Object.values(excludeNewerPackages)].some((ms) => (ms ?? 0) % 1000 !== 0)) return undefined;
  const [host, catalogue, settings] = await Promise.all([
    session.use(Host),
    session.use(Catalogue),
    session.use(SettingsTable),
  ]);
  const witnesses = witnessesOf(catalogue, settings);
  if (!witnesses) return undefined;
  const deciding = settings.entries.filter(({ option }) => option.decidesPackages);
  const all = [
    FORM,
    stage,
    host.version,
    // Between two releases, too, another resolver may give another answer.
    catalogue.product.commit,
    catalogue.plugins.map(({ name, version }) => `${name} ${version}`),
    deciding.map(({ key, value }) => [key, value ?? null]),
    Object.entries(policy).sort(([a], [b]) => (a < b ? -1 : 1)),
    ...facts,
  ];
  const key = sha256Of(JSON.stringify(all));
  return { key, file: path.join(host.dataDir, "hints", key), witnesses };
}

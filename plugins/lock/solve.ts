import { pathToFileURL } from "node:url";
import type { Upgrading } from "../../plugin-api/lock/current.ts";
import { formatIndexes, type LockPlace } from "../../plugin-api/lock/place.ts";
import { lowestPython } from "../../plugin-api/lock/version-fields.ts";
import type { DistributionFile } from "../../plugin-api/model/distribution.ts";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import type { InstallsInto, Lock, LockedPackage } from "../../plugin-api/model/lock.ts";
import { Clock, Indexes } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { asJson, STAMP, settingsIn, stampOf } from "./facts.ts";
import { withFetchedDigests } from "./fetched-digests.ts";
import { firstPages } from "./first-pages.ts";
import type { LockInputs } from "./inputs.ts";
import { BEHIND } from "./is-current.ts";
import { metaBesides } from "./kept.ts";
import { withLocalDigests } from "./local-digests.ts";
import { localState } from "./local-state.ts";
import { forPlatform } from "./platform.ts";
import { requestOf } from "./request.ts";

/** What to solve, and where the lock will lie. */
export interface SolveOrder {
  readonly inputs: LockInputs;
  readonly place: LockPlace;
  readonly previous: Lock | undefined;
  readonly upgrading: Upgrading;
  readonly installs?: InstallsInto | undefined;
}

/** A lock with all that is written down of it, and how it came to be. */
export interface Solved {
  readonly lock: Lock;
  /** Absent where none of this machine fits. */
  readonly interpreter?: Interpreter;
  readonly resolutionMs: number;
}

/** Has the resolver choose, and adds what the lock was made from. Throws what the stage `lock` throws. */
export async function solve(order: SolveOrder, session: Session): Promise<Solved> {
  const solved = await choose(order, session);
  return { ...solved, lock: complete(solved, order) };
}

/** Has the resolver choose. Throws what the stage `lock` throws. */
export async function choose(order: SolveOrder, session: Session): Promise<Solved> {
  const clock = await session.use(Clock);
  const { installs } = order;
  const preparing = requestOf(order.inputs, order, session);
  const pages = firstPages(order.inputs, preparing, session);
  const request = { ...(await preparing), ...(installs && { installs }) };
  const startedMs = clock.nowMs();
  const known = order.upgrading.upgrade ? undefined : order.previous;
  const lock = await withFetchedDigests(await withLocalDigests(await session.run("lock", request)), known, session);
  await pages;
  if (lock.packages.length === 0) (await import("./environments.ts")).checkPythons(request.requiresPython);
  return {
    lock,
    ...(request.interpreter && { interpreter: request.interpreter }),
    resolutionMs: clock.nowMs() - startedMs,
  };
}

/** Adds to what was chosen what it was made from. */
export function complete({ lock, interpreter }: Solved, order: SolveOrder): Lock {
  const { inputs, previous, upgrading } = order;
  const declared = lock.packages.map((each) => asDeclared(each, inputs));
  const packages = upgrading.upgrade ? declared : withKnownFiles(declared, previous);
  const whole = { ...lock, packages, roots: distinctRoots(lock), meta: metaOf({ ...lock, packages }, order) };
  return inputs.platform ? forPlatform(whole, inputs.platform, interpreter) : whole;
}

/** A requirement that is asked for as a place and as a range of versions is one in the project's file. */
function distinctRoots({ roots }: Lock): Lock["roots"] {
  const seen = new Set<string>();
  return roots.filter((root) => {
    const key = JSON.stringify(root);
    return !seen.has(key) && seen.add(key);
  });
}

/** A lock's place with the URLs at which the indexes are reached here. */
export async function placeOf(file: string, session: Session): Promise<LockPlace> {
  const list = (await session.use(Indexes)).list();
  return { path: file, indexes: Object.fromEntries(list.map(({ name, url }) => [name, url])) };
}

/** Whether a folder is installed editable is the project's wish; nothing that lies there says it. */
function asDeclared(locked: LockedPackage, { editable }: LockInputs): LockedPackage {
  const { source } = locked;
  if (source.kind !== "path" || !editable.has(source.path)) return locked;
  return { ...locked, source: { ...source, isEditable: true } };
}

/** The same file is written down as it was, though a mirror has it at another address now (SPEC IDX-09). */
function withKnownFiles(packages: readonly LockedPackage[], previous: Lock | undefined): readonly LockedPackage[] {
  const known = Map.groupBy(previous?.packages ?? [], placeOfPackage);
  return packages.map((each) => {
    const before = known.get(placeOfPackage(each));
    if (!before || (before.length === 1 && areListedAlike(before[0]!.files, each.files))) return each;
    const byName = new Map(before.flatMap(({ files }) => files.map((file) => [file.filename, file] as const)));
    const asKnown = (file: DistributionFile): DistributionFile => {
      const old = byName.get(file.filename);
      const hasMoved = old?.sha256 !== undefined && old.sha256 === file.sha256 && old.url !== file.url;
      return hasMoved ? { ...file, url: old.url } : file;
    };
    const files = each.files.map(asKnown);
    return files.every((file, i) => file === each.files[i]) ? each : { ...each, files };
  });
}

/** By far the most, file by file in the order of their names. */
const areListedAlike = (before: readonly DistributionFile[], now: readonly DistributionFile[]): boolean =>
  before.length === now.length &&
  before.every(({ filename, url }, i) => filename === now[i]!.filename && url === now[i]!.url);

const placeOfPackage = ({ name, source }: LockedPackage): string => `${name} ${JSON.stringify(source)}`;

function metaOf(lock: Lock, { inputs, place, previous }: SolveOrder): Readonly<Record<string, string>> {
  const { "exclude-newer": cutOff } = settingsIn(inputs.facts);
  const indexes = indexesOf(lock, previous, place);
  const [major, minor] = lowestPython(lock.requiresPython);
  const behind = stateBehind(lock, inputs);
  const meta = {
    ...metaBesides(lock.meta),
    ...Object.fromEntries(inputs.facts),
    [STAMP]: stampOf(inputs.facts),
    ...(behind !== "" && { [BEHIND]: behind }),
    generator: "pybun",
    ...(major > 0 && { "python-abi": `cp${major}${minor}` }),
    ...(indexes !== "{}" && { indexes }),
    ...(cutOff !== undefined && { "exclude-newer": cutOff }),
  };
  return Object.fromEntries(Object.entries(meta).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What the folders and archives said that the project leads to by way of others; its own are among the inputs. */
function stateBehind({ packages }: Lock, { roots, overrides, base }: LockInputs): string {
  const own = [...roots.map(({ demand }) => demand), ...overrides].map(({ requirement: { url = "" } }) => url);
  const places = packages.flatMap(({ source, files }) => {
    if (source.kind !== "path") return [];
    const url = pathToFileURL(source.path).href;
    if (own.some((each) => each === url || each.startsWith(`${url}#`))) return [];
    return [source.subdirectory === undefined || files.length > 0 ? url : `${url}#subdirectory=${source.subdirectory}`];
  });
  return asJson(localState(places, base));
}

/** The indexes that packages come from. One that the lock knows keeps its URL: it may be reached by a mirror here. */
function indexesOf(lock: Lock, previous: Lock | undefined, place: LockPlace): string {
  const used = new Set(lock.packages.flatMap(({ source }) => (source.kind === "index" ? [source.index] : [])));
  const here = Object.fromEntries(Object.entries(place.indexes ?? {}).filter(([name]) => used.has(name)));
  const known = JSON.parse(previous?.meta["indexes"] ?? "{}") as Readonly<Record<string, string>>;
  const added = JSON.parse(formatIndexes(here, place)) as Readonly<Record<string, string>>;
  const kept = Object.entries(known).filter(([name]) => used.has(name));
  const all = Object.entries({ ...added, ...Object.fromEntries(kept) });
  return JSON.stringify(Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1))));
}

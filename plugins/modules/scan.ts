import fs from "node:fs";
import { editableTails } from "./editable.ts";
import { type Found, findIn, firstOf, inInterpreter, isPackage, placesOf, type Universe } from "./find.ts";
import { inOrder, isIdentifier } from "./names.ts";
import type { Place } from "./place.ts";
import { listRecorded, type Recorded, recordedAt } from "./recorded.ts";

/** A module, as the command's JSON has it. */
export interface Listed extends Pick<Found, "type" | "path"> {
  readonly module: string;
  readonly found: true;
  /** Folders of what has no file. */
  readonly locations?: readonly string[];
}
/** A module, or what stands for all that are in the package before it. */
export type Row = Listed | Recorded;

/**
 * All modules that can be imported by a statement, sorted by name within their package. A folder without modules, though it could be
 * imported as an empty namespace package, is not listed.
 */
export function scanAll(universe: Universe): readonly Row[] {
  const { facts } = universe;
  const rows: Row[] = [];
  const own = [...facts.builtin, ...Object.keys(facts.frozen)].filter((name) => name.split(".").every(isIdentifier));
  for (const module of own) {
    const found = inInterpreter(module, universe);
    if (found) rows.push({ module, found: true, type: found.type, path: found.path });
  }
  scan({ universe, rows, taken: new Set(own) }, { prefix: "", entries: universe.entries, above: new Set() });
  return rows;
}

/** The modules of folders alone, as if they were all there is. */
export function scanBelow(universe: Universe): readonly Row[] {
  const rows: Row[] = [];
  scan({ universe, rows, taken: new Set() }, { prefix: "", entries: universe.entries, above: new Set() });
  return rows;
}

/** The modules that rows are, and those that they stand for. */
export function expanded(rows: readonly Row[], universe: Universe): readonly Listed[] {
  const listed: Listed[] = [];
  for (const row of rows) {
    if (!("within" in row)) listed.push(row);
    else for (const module of listRecorded(row, universe) ?? scanWithin(row, universe)) listed.push(module);
  }
  return listed;
}

function scanWithin({ within, folder }: Recorded, universe: Universe): readonly Listed[] {
  const rows: Listed[] = [];
  const { trees: _, ...unrecorded } = universe;
  const above = beyond([folder], new Set()) ?? new Set();
  scan({ universe: unrecorded, rows, taken: new Set() }, { prefix: `${within}.`, entries: [folder], above });
  return rows;
}

interface Scan {
  readonly universe: Universe;
  /** Without a store's trees only modules. */
  readonly rows: Row[];
  /** Names that are part of the interpreter, and so never looked for in folders. */
  readonly taken: ReadonlySet<string>;
}

/** One package, or the search path itself. */
interface Level {
  /** Name of the package, with its dot. */
  readonly prefix: string;
  readonly entries: readonly string[];
  /** Real paths of the folders that links led to on the way here: one may lead back. */
  readonly above: ReadonlySet<string>;
}

function scan(state: Scan, { prefix, entries, above }: Level): void {
  const { universe, rows, taken } = state;
  const places = placesOf(entries, universe.places);
  const hasHooks = universe.editables.length > 0;
  for (const tail of tailsOf(places, hasHooks ? editableTails(prefix, universe.editables) : [])) {
    const module = prefix + tail;
    if (taken.has(module)) continue;
    const found = hasHooks ? findIn(module, places, universe) : firstOf(tail, places);
    if (!found) continue;
    const { type, locations } = found;
    if (type === "namespace" && isEmpty(locations, universe)) continue;
    // Thousands of them: copying the fields by `...` takes a tenth of it all.
    const before = rows.push(
      found.path === null
        ? { module, found: true, type, path: null, locations }
        : { module, found: true, type, path: found.path },
    );
    if (!isPackage(found)) continue;
    const recorded = found.isLinked && recordedIn(module, found, state);
    if (recorded) {
      rows.push(recorded);
      continue;
    }
    const further = found.isLinked ? beyond(locations, above) : above;
    if (further) scan(state, { prefix: `${module}.`, entries: locations, above: further });
    if (type === "namespace" && rows.length === before) rows.pop();
  }
}

/** A package of the store to which nothing else adds modules. */
function recordedIn(
  module: string,
  { type, locations: [folder] }: Found,
  { universe, taken }: Scan,
): Recorded | undefined {
  if (!universe.trees || type !== "package" || folder === undefined) return undefined;
  const prefix = `${module}.`;
  const isAddedTo =
    editableTails(prefix, universe.editables).length > 0 || [...taken].some((name) => name.startsWith(prefix));
  return isAddedTo ? undefined : recordedAt(module, folder, universe.trees);
}

/** Most folders without an `__init__` hold data, such as translations. */
function isEmpty([folder = "", ...others]: readonly string[], { places, editables }: Universe): boolean {
  return others.length === 0 && editables.length === 0 && places.folders.list(folder)?.size === 0;
}

/** Names that an `import` statement can say, in their order. */
function tailsOf(places: readonly Place[], others: readonly string[]): readonly string[] {
  const [only] = places;
  if (places.length === 1 && others.length === 0 && only) return inOrder(only.tails());
  return inOrder(new Set([...others, ...places.flatMap((place) => [...place.tails()])]));
}

/** Undefined where a link leads back to where it was come from. */
function beyond(locations: readonly string[], above: ReadonlySet<string>): ReadonlySet<string> | undefined {
  const real = locations.map((folder) => fs.realpathSync(folder));
  return real.some((folder) => above.has(folder)) ? undefined : new Set([...above, ...real]);
}

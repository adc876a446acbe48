import fs from "node:fs";
import { editableTails } from "./editable.ts";
import { type Found, findIn, firstOf, inInterpreter, isPackage, placesOf, type Universe } from "./find.ts";
import type { Place } from "./place.ts";

export interface Listed extends Pick<Found, "type" | "path" | "locations"> {
  readonly module: string;
}

/** What an `import` statement can name. */
const IDENTIFIER = /^[\p{XID_Start}_]\p{XID_Continue}*$/u;
const PLAIN = /^[A-Za-z_]\w*$/;
const isIdentifier = (name: string): boolean => PLAIN.test(name) || IDENTIFIER.test(name);

/**
 * All modules that can be imported by a statement, sorted by name within their package. A folder without modules, though it could be
 * imported as an empty namespace package, is not listed.
 */
export function scanAll(universe: Universe): readonly Listed[] {
  const { facts } = universe;
  const listed: Listed[] = [];
  const own = [...facts.builtin, ...Object.keys(facts.frozen)].filter((name) => name.split(".").every(isIdentifier));
  for (const module of own) {
    const found = inInterpreter(module, universe);
    if (found) listed.push({ module, type: found.type, path: found.path, locations: found.locations });
  }
  scan({ universe, listed, taken: new Set(own) }, { prefix: "", entries: universe.entries, above: new Set() });
  return listed;
}

/** The modules of folders alone, as if they were all there is. */
export function scanBelow(universe: Universe): readonly Listed[] {
  const listed: Listed[] = [];
  scan({ universe, listed, taken: new Set() }, { prefix: "", entries: universe.entries, above: new Set() });
  return listed;
}

interface Scan {
  readonly universe: Universe;
  readonly listed: Listed[];
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
  const { universe, listed, taken } = state;
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
    const before = listed.push({ module, type, path: found.path, locations });
    if (!isPackage(found)) continue;
    const further = found.isLinked ? beyond(locations, above) : above;
    if (further) scan(state, { prefix: `${module}.`, entries: locations, above: further });
    if (type === "namespace" && listed.length === before) listed.pop();
  }
}

/** Most folders without an `__init__` hold data, such as translations. */
function isEmpty([folder = "", ...others]: readonly string[], { places, editables }: Universe): boolean {
  return others.length === 0 && editables.length === 0 && places.folders.list(folder)?.size === 0;
}

/** Names that an `import` statement can say, in their order. */
function tailsOf(places: readonly Place[], others: readonly string[]): readonly string[] {
  const [only] = places;
  const isAlone = places.length === 1 && others.length === 0;
  const all = isAlone && only ? only.tails() : new Set([...others, ...places.flatMap((place) => [...place.tails()])]);
  const tails: string[] = [];
  for (const tail of all) if (tail !== "__pycache__" && tail !== "__init__" && isIdentifier(tail)) tails.push(tail);
  return tails.length > 1 ? tails.sort() : tails;
}

/** Undefined where a link leads back to where it was come from. */
function beyond(locations: readonly string[], above: ReadonlySet<string>): ReadonlySet<string> | undefined {
  const real = locations.map((folder) => fs.realpathSync(folder));
  return real.some((folder) => above.has(folder)) ? undefined : new Set([...above, ...real]);
}

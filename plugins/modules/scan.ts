import fs from "node:fs";
import { editableTails } from "./editable.ts";
import { type Found, findIn, inInterpreter, isPackage, placesOf, type Universe } from "./find.ts";
import type { Place } from "./place.ts";

export interface Listed extends Found {
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
    if (found) listed.push({ module, ...found });
  }
  const taken = new Set(own);
  scan(universe.entries, { prefix: "", universe, listed, taken, above: new Set() });
  return listed;
}

/** The modules of folders alone, as if they were all there is. */
export function scanBelow(universe: Universe): readonly Listed[] {
  const listed: Listed[] = [];
  scan(universe.entries, { prefix: "", universe, listed, taken: new Set(), above: new Set() });
  return listed;
}

interface Scan {
  /** Name of the package, with its dot. */
  readonly prefix: string;
  readonly universe: Universe;
  readonly listed: Listed[];
  /** Names that are part of the interpreter, and so never looked for in folders. */
  readonly taken: ReadonlySet<string>;
  /** Real paths of the folders that links led to on the way here: one may lead back. */
  readonly above: ReadonlySet<string>;
}

function scan(entries: readonly string[], state: Scan): void {
  const { prefix, universe, listed, taken } = state;
  const places = placesOf(entries, universe.places);
  for (const tail of tailsOf(places, editableTails(prefix, universe.editables))) {
    if (tail === "__pycache__" || tail === "__init__" || !isIdentifier(tail)) continue;
    const module = prefix + tail;
    const found = taken.has(module) ? undefined : findIn(module, places, universe);
    if (!found) continue;
    const before = listed.push({ module, ...found });
    if (!isPackage(found)) continue;
    const above = found.isLinked ? beyond(found.locations, state.above) : state.above;
    if (above) scan(found.locations, { ...state, prefix: `${module}.`, above });
    if (found.type === "namespace" && listed.length === before) listed.pop();
  }
}

function tailsOf(places: readonly Place[], others: readonly string[]): readonly string[] {
  const [only] = places;
  if (places.length === 1 && only && others.length === 0) return [...only.tails()].sort();
  const tails = new Set(others);
  for (const place of places) for (const tail of place.tails()) tails.add(tail);
  return [...tails].sort();
}

/** Undefined where a link leads back to where it was come from. */
function beyond(locations: readonly string[], above: ReadonlySet<string>): ReadonlySet<string> | undefined {
  const real = locations.map((folder) => fs.realpathSync(folder));
  return real.some((folder) => above.has(folder)) ? undefined : new Set([...above, ...real]);
}

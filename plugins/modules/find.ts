import { nearest } from "../../plugin-api/nearest.ts";
import type { StoreTrees } from "../../plugin-api/store-trees.ts";
import { type Editable, editableSpec, namespacePortions } from "./editable.ts";
import type { ImportFacts } from "./facts.ts";
import { type Place, type Places, placeAt, type Spec } from "./place.ts";

export interface Found extends Omit<Spec, "type"> {
  readonly type: Spec["type"] | "builtin" | "frozen";
}
/** Where modules are looked for. */
export interface Universe {
  readonly facts: ImportFacts;
  readonly entries: readonly string[];
  readonly places: Places;
  readonly editables: readonly Editable[];
  /** What the store has unpacked need not be read. */
  readonly trees?: StoreTrees;
}

/** What importing a module would load, found as `importlib` finds it, without running any code; undefined for nothing. */
export function findModule(name: string, universe: Universe): Found | undefined {
  const parts = name.split(".");
  if (parts.includes("")) return undefined;
  let locations: readonly string[] | undefined = universe.entries;
  let found: Found | undefined;
  for (const at of parts.keys()) {
    const full = parts.slice(0, at + 1).join(".");
    found =
      inInterpreter(full, universe) ?? (locations && findIn(full, placesOf(locations, universe.places), universe));
    // A module that is no package has no others below it, but for what it puts there itself.
    if (!found) return undefined;
    locations = isPackage(found) ? found.locations : undefined;
  }
  return found;
}

const SHORT = 4;

/** The name that is there and was probably meant, in the package of the first part that is missing. */
export function nearestModule(missing: string, universe: Universe): string | undefined {
  const dot = missing.lastIndexOf(".");
  const prefix = missing.slice(0, dot + 1);
  const typed = missing.slice(dot + 1);
  const locations = dot < 0 ? universe.entries : (findModule(missing.slice(0, dot), universe)?.locations ?? []);
  const tails = new Set(dot < 0 ? universe.facts.builtin : []);
  for (const place of placesOf(locations, universe.places)) for (const tail of place.tails()) tails.add(tail);
  // Folders of data and metadata, and halves of file names, are no modules.
  const isThere = (tail: string): boolean =>
    /^\w+$/.test(tail) && (findModule(prefix + tail, universe)?.type ?? "namespace") !== "namespace";
  const folded = [...tails].find((tail) => tail.toLowerCase() === typed.toLowerCase() && isThere(tail));
  // Of short names too many are near.
  const near = folded ?? (typed.length < SHORT ? undefined : nearest(typed, tails));
  return near !== undefined && isThere(near) ? prefix + near : undefined;
}

/** A namespace package of a hook may have no folder at all. */
export const isPackage = ({ type, locations }: Found): boolean => type === "namespace" || locations.length > 0;

/** What is part of the executable comes before all files. */
export function inInterpreter(name: string, universe: Universe): Found | undefined {
  const { facts, places, entries } = universe;
  if (facts.builtin.includes(name)) return { type: "builtin", path: null, locations: [] };
  if (Object.hasOwn(facts.frozen, name)) return frozen(facts.frozen[name] as string, universe);
  // Older Pythons have it from `os`, which puts it there.
  return name === "os.path" ? firstOf("posixpath", placesOf(entries, places)) : undefined;
}

/** The path is that of the source it was made from, where that is installed. */
function frozen(origin: string, { facts, places }: Universe): Found {
  const isPackage = origin.startsWith("<");
  const parts = (isPackage ? origin.slice(1) : origin).split(".");
  const [library] = facts.path.filter((folder) => !folder.endsWith(".zip"));
  const folder = [library, ...parts.slice(0, -1)].join("/");
  const spec = placeAt(folder, places)?.find(parts.at(-1) as string);
  return { type: "frozen", path: spec?.path ?? null, locations: spec?.locations ?? [] };
}

/** What is found in folders comes before what setuptools' hooks add, and folders of its own before those of a hook's namespace. */
export function findIn(module: string, among: readonly Place[], { editables, places }: Universe): Found | undefined {
  const found = firstOf(module.slice(module.lastIndexOf(".") + 1), among);
  if (editables.length === 0 || (found && found.type !== "namespace")) return found;
  const portions = namespacePortions(module, editables);
  if (portions) return { type: "namespace", path: null, locations: [...(found?.locations ?? []), ...portions] };
  return found ?? editableSpec(module, editables, places.suffixes);
}

export function placesOf(entries: readonly string[], places: Places): readonly Place[] {
  const found: Place[] = [];
  for (const entry of entries) {
    const place = placeAt(entry, places);
    if (place) found.push(place);
  }
  return found;
}

/** A regular module of the first place that has one; otherwise a namespace package of all that have a folder (PEP 420). */
export function firstOf(tail: string, among: readonly Place[]): Found | undefined {
  const [only] = among;
  if (among.length === 1 && only) return only.find(tail);
  const portions: Spec[] = [];
  for (const place of among) {
    const spec = place.find(tail);
    if (spec && spec.type !== "namespace") return spec;
    if (spec) portions.push(spec);
  }
  if (portions.length < 2) return portions[0];
  const locations = portions.flatMap((portion) => portion.locations);
  const linked = portions.some(({ isLinked }) => isLinked) && { isLinked: true as const };
  return { type: "namespace", path: null, locations, ...linked };
}

import path from "node:path";
import { pathToFileURL } from "node:url";
import { STAMP, stampOf } from "./facts.ts";
import type { LockInputs } from "./inputs.ts";
import type { LockView } from "./kept.ts";
import { localState } from "./local-state.ts";

/** Key of META: what folders and archives said that are required by others than the project itself, as JSON of path and digest. */
export const BEHIND = "local-sources";

/** Whether a lock is what its inputs would lead to: known without solving, network or Python (SPEC LOCK-06). */
export const isCurrent = (view: LockView, inputs: LockInputs): boolean =>
  view.meta(STAMP) === stampOf(inputs.facts) && changedBehind(view, inputs.base).length === 0;

/** Folders and archives behind those that the project names, which say something else by now; relative to the lock. */
export function changedBehind(view: LockView, base: string): readonly string[] {
  const then = behind(view);
  const places = Object.keys(then);
  if (places.length === 0) return [];
  const now = localState(absolute(places, base), base);
  return places.filter((place) => now[place] !== then[place]);
}

/** URLs of those places, as requirements name them. */
export const placesBehind = (view: LockView, base: string): readonly string[] =>
  absolute(Object.keys(behind(view)), base).map((place) => pathToFileURL(place).href);

function behind(view: LockView): Readonly<Record<string, string>> {
  const text = view.meta(BEHIND);
  return text === undefined ? {} : (JSON.parse(text) as Record<string, string>);
}

const absolute = (places: readonly string[], base: string): readonly string[] =>
  places.map((place) => path.resolve(base, place));

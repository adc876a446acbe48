import {
  formatMarkerSet,
  type MarkerSet,
  pythonBoundsOf,
  simplifyUnder,
} from "../../../plugin-api/python/marker-algebra.ts";
import { pythonsOf } from "./places.ts";

const SYSTEMS: Readonly<Record<string, string>> = { win32: "Windows", linux: "Linux", darwin: "macOS" };

/** A part of all environments as people say it: `Python >=3.13 on Windows`. */
export function describePlace(place: MarkerSet, everywhere: MarkerSet): string {
  const short = simplifyUnder(place, everywhere);
  const bounds = pythonBoundsOf(short);
  const rest = bounds === "" ? short : simplifyUnder(short, pythonsOf(bounds));
  const marker = formatMarkerSet(rest);
  const python = `Python ${minorOf(bounds) ?? bounds}`;
  if (marker === "") return `${python} (any platform)`;
  const [subject, preposition] = wordsFor(marker);
  if (bounds !== "") return `${python} ${preposition} ${subject}`;
  return preposition === "on" ? `${subject} (any Python)` : subject;
}

function wordsFor(marker: string): readonly [subject: string, preposition: string] {
  const [, operator, sys = ""] = /^sys_platform (==|!=) "(\w+)"$/.exec(marker) ?? [];
  const system = SYSTEMS[sys];
  if (system !== undefined) return [operator === "==" ? system : `all systems but ${system}`, "on"];
  const [, name, kind] = /^"([^"]+)" in (extras|dependency_groups)$/.exec(marker) ?? [];
  if (name !== undefined) return [`the ${kind === "extras" ? "extra" : "group"} \`${name}\``, "with"];
  return [`environments with \`${marker}\``, "in"];
}

/** `3.9 and later`, `3.9 and 3.10`, `3.8 to 3.12`: Python's minor versions within bounds; the bounds where they are no such range. */
export function pythonsInWords(bounds: string): string {
  const only = minorOf(bounds);
  if (only !== undefined) return only;
  const [, low, high] = /^>=3\.(\d+)(?:,<3\.(\d+))?$/.exec(bounds) ?? [];
  if (low === undefined) return bounds;
  if (high === undefined) return `3.${low} and later`;
  const last = Number(high) - 1;
  if (last === Number(low)) return `3.${low}`;
  return last === Number(low) + 1 ? `3.${low} and 3.${last}` : `3.${low} to 3.${last}`;
}

/** `3.9` of `==3.9.*`. */
const minorOf = (bounds: string): string | undefined => /^==(\d+\.\d+)\.\*$/.exec(bounds)?.[1];

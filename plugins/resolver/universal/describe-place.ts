import {
  formatMarkerSet,
  type MarkerSet,
  pythonBoundsOf,
  simplifyUnder,
} from "../../../plugin-api/python/marker-algebra.ts";
import { pythonsOf } from "./places.ts";

const SYSTEMS: Readonly<Record<string, string>> = {
  'sys_platform == "win32"': "Windows",
  'sys_platform == "linux"': "Linux",
  'sys_platform == "darwin"': "macOS",
  'sys_platform != "win32"': "all systems but Windows",
  'sys_platform != "linux"': "all systems but Linux",
  'sys_platform != "darwin"': "all systems but macOS",
};

/** A part of all environments as people say it: `Python >=3.13 on Windows`. */
export function describePlace(place: MarkerSet, everywhere: MarkerSet): string {
  const short = simplifyUnder(place, everywhere);
  const bounds = pythonBoundsOf(short);
  const rest = bounds === "" ? short : simplifyUnder(short, pythonsOf(bounds));
  const marker = formatMarkerSet(rest);
  const python = bounds === "" ? "" : `Python ${bounds}`;
  if (marker === "") return `${python} (any platform)`;
  const system = SYSTEMS[marker] ?? `environments with \`${marker}\``;
  return python === "" ? `${system} (any Python)` : `${python} on ${system}`;
}

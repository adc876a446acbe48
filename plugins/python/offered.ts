import type { AvailablePython } from "../../plugin-api/managed-pythons.ts";
import type { Around } from "./choose.ts";
import type { Row } from "./list.ts";

/** What can be installed on this machine, newest first; nothing where nobody installs. */
export const offeredTo = async ({ managed }: Around): Promise<readonly AvailablePython[]> =>
  (await (await managed?.())?.available({ isRefreshed: true })) ?? [];

/** The first of each minor version, and of each with and without the global lock. */
export function newestOfMinors(offered: readonly AvailablePython[]): readonly AvailablePython[] {
  const seen = new Set<string>();
  return offered.filter(({ version, isFreeThreaded }) => {
    const minor = `${version.split(".").slice(0, 2).join(".")} ${isFreeThreaded}`;
    return !seen.has(minor) && seen.add(minor);
  });
}

export function offeredRow(python: AvailablePython, shown: (file: string) => string): Row {
  const { version, isFreeThreaded, executable } = python;
  const where = executable === undefined ? { path: "", note: "not installed" } : { path: shown(executable) };
  return { isUsed: false, version: `${version}${isFreeThreaded ? "t" : ""}`, source: "managed", ...where };
}

/** As `--format=json` lists it. */
export const offeredData = (python: AvailablePython) => ({
  version: python.version,
  implementation: "cpython",
  free_threaded: python.isFreeThreaded,
  target: python.target,
  build: python.build,
  file: python.filename,
  sha256: python.sha256,
  size: python.sizeBytes ?? null,
  path: python.executable ?? null,
});

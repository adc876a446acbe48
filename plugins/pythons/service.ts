import { warning } from "../../plugin-api/diagnostic.ts";
import type { AvailablePython, ManagedPythons } from "../../plugin-api/managed-pythons.ts";
import { matchesBuild, type VersionWish } from "../../plugin-api/python/interpreter-request.ts";
import { Host } from "../../plugin-api/services.ts";
import { type Session, settingsOf } from "../../plugin-api/session.ts";
import { folderName, type PythonArchive } from "./archive-name.ts";
import { installedPythons } from "./installed.ts";
import { settings } from "./settings.ts";
import { minorsOf, type Sources, sourcesOf } from "./sources.ts";

/** The `ManagedPythons` service. */
export default async function managedPythons(session: Session): Promise<ManagedPythons> {
  const host = await session.use(Host);
  const { pythonDownloads } = settingsOf(session, settings);
  const isReachable = ({ isLocal }: Sources): boolean => isLocal || !host.isOffline;
  /** A hint is worth one look at the table, and no second failure. */
  const reachable = async (): Promise<Sources> => {
    const sources = pythonDownloads === "never" ? undefined : await sourcesOf(session, true).catch(() => undefined);
    return sources && isReachable(sources) ? sources : NONE;
  };
  return {
    async available({ isRefreshed = false } = {}) {
      const installed = new Map(installedPythons(host).map(({ name, executable }) => [name, executable]));
      const { archives } = await sourcesOf(session, isRefreshed);
      return archives.map((archive) => availableOf(archive, installed.get(folderName(archive))));
    },
    async installable(wish) {
      const archive = newestFor(wish, await reachable());
      return archive && availableOf(archive, undefined);
    },
    range: async () => minorsOf(await reachable()),
    async obtain(wish, origin) {
      if (pythonDownloads !== "automatic") return undefined;
      const sources = await sourcesOf(session, true);
      const archive = newestFor(wish, sources);
      if (archive === undefined) return undefined;
      const { ensureInstalled, offlineMiss } = await import("./ensure.ts");
      if (!isReachable(sources)) throw offlineMiss(archive, origin);
      const { executable, isNew } = await ensureInstalled(archive, { sources, isReinstalled: false }, session);
      if (isNew) session.emit({ type: "Diagnostic", diagnostic: installedFor(archive, origin) });
      return executable;
    },
  };
}

const NONE: Sources = { archives: [], base: "", isLocal: false, target: undefined };

/** The newest archive that a wish allows; prereleases only when it names one. */
export const newestFor = (wish: VersionWish, { archives }: Sources): PythonArchive | undefined =>
  archives.find(({ version, isFreeThreaded }) =>
    matchesBuild(wish, { implementation: "cpython", version, isFreeThreaded }),
  );

function availableOf(archive: PythonArchive, executable: string | undefined): AvailablePython {
  const { path, ...facts } = archive;
  return { ...facts, filename: path.slice(path.indexOf("/") + 1), ...(executable !== undefined && { executable }) };
}

const installedFor = ({ version, isFreeThreaded }: PythonArchive, origin: string) =>
  warning("I_PYTHON_INSTALLED", `Python ${version}${isFreeThreaded ? "t" : ""} was installed, asked by ${origin}`, {
    context: { version, origin },
  });

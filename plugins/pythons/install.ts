import type { RunOf } from "../../plugin-api/command.ts";
import { PybunError } from "../../plugin-api/error.ts";
import { matchesBuild } from "../../plugin-api/python/interpreter-request.ts";
import type { Report } from "../../plugin-api/report.ts";
import { Host } from "../../plugin-api/services.ts";
import { type Session, settingsOf } from "../../plugin-api/session.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";
import { counted, formatDuration } from "../../plugin-api/text/units.ts";
import type { PythonArchive } from "./archive-name.ts";
import type { install as spec } from "./commands.ts";
import { ensureInstalled } from "./ensure.ts";
import { type InstalledPython, installedPythons } from "./installed.ts";
import { linkCommands } from "./links.ts";
import { newestFor } from "./service.ts";
import { settings } from "./settings.ts";
import { type Sources, sourcesOf } from "./sources.ts";
import { sweepLeftovers } from "./staging.ts";
import { type Asked, notAvailable, readRequests, wishesHere } from "./wishes.ts";

const install: RunOf<typeof spec> = async (options, requests, session) => {
  const host = await session.use(Host);
  const startMs = performance.now();
  await sweepLeftovers(session);
  const asked = requests.length > 0 ? await readRequests(requests, session) : await wishesHere(session);
  const done: Row[] = [];
  // The table is asked for once, and not at all where nothing has to be installed.
  let sources: Promise<Sources> | undefined;
  const table = (): Promise<Sources> => (sources ??= allowedSources(session));
  for (const each of asked) {
    const row = await satisfy(each, { isReinstalled: options.reinstall, table }, session);
    if (!done.some(({ path }) => path === row.path)) done.push(row);
  }
  const [first] = done;
  const links = options.default && first ? linkCommands(first.path, host) : { made: [], warnings: [] };
  const changed = done.filter((row) => !row.up_to_date);
  const took = formatDuration(performance.now() - startMs);
  return {
    exitCode: 0,
    data: { pythons: done.map(dataOf), links: links.made },
    diagnostics: links.warnings,
    text: (ui) =>
      [
        ...changed.map(
          (row) => ` ${ui.add("+")} ${ui.name("python")} ${row.named}  ${ui.dim(showPath(row.path, host))}`,
        ),
        ...links.made.map((link) => ` ${ui.add("+")} ${showPath(link, host)}`),
        changed.length > 0
          ? `${ui.ok("Installed")} ${counted(changed.length, "Python")} ${ui.dim(`in ${took}`)}`
          : `${ui.ok("Up to date")}: Python ${done.map((row) => row.named).join(", ")}`,
      ].join("\n"),
  } satisfies Report;
};
export default install;

interface Row {
  readonly version: string;
  readonly free_threaded: boolean;
  /** As one asks for it: `3.13.0t`. */
  readonly named: string;
  readonly path: string;
  readonly target: string;
  readonly build: string | null;
  readonly sha256: string | null;
  readonly up_to_date: boolean;
}
const dataOf = ({ version, free_threaded, path, target, build, sha256, up_to_date }: Row) => ({
  version,
  free_threaded,
  path,
  target,
  build,
  sha256,
  up_to_date,
});

interface Way {
  readonly isReinstalled: boolean;
  readonly table: () => Promise<Sources>;
}

/** Throws `E_PYTHON_NOT_AVAILABLE` when the user wants no Python fetched at all. */
async function allowedSources(session: Session): Promise<Sources> {
  if (settingsOf(session, settings).pythonDownloads !== "never") return sourcesOf(session, true);
  throw new PybunError("E_PYTHON_NOT_AVAILABLE", "no Python is installed, `python-downloads` is `never`", {
    hints: ["`PYBUN_PYTHON_DOWNLOADS=manual` allows it for one call"],
  });
}

async function satisfy(asked: Asked, { isReinstalled, table }: Way, session: Session): Promise<Row> {
  const host = await session.use(Host);
  const { wish } = asked;
  const there = installedPythons(host).find((python) => matchesBuild(wish, { ...python, implementation: "cpython" }));
  if (there && !isReinstalled) return rowOf(there, { path: there.executable, up_to_date: true });
  const sources = await table();
  const again = there && sources.archives.find((archive) => isSame(archive, there));
  const archive = again ?? newestFor(wish, sources);
  if (archive === undefined) throw notAvailable(asked, sources);
  const { executable, isNew } = await ensureInstalled(archive, { sources, isReinstalled }, session);
  return rowOf(archive, { path: executable, up_to_date: !isNew });
}

const isSame = (archive: PythonArchive, python: InstalledPython): boolean =>
  archive.version === python.version && archive.isFreeThreaded === python.isFreeThreaded;

function rowOf(
  python: Pick<PythonArchive, "version" | "isFreeThreaded" | "target"> & Partial<PythonArchive>,
  { path, up_to_date }: Pick<Row, "path" | "up_to_date">,
): Row {
  const { version, isFreeThreaded, target, build = null, sha256 = null } = python;
  return {
    version,
    free_threaded: isFreeThreaded,
    named: `${version}${isFreeThreaded ? "t" : ""}`,
    path,
    target,
    build,
    sha256,
    up_to_date,
  };
}

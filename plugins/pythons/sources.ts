import path from "node:path";
import { pathToFileURL } from "node:url";
import { PybunError } from "../../plugin-api/error.ts";
import { Host, SettingsTable } from "../../plugin-api/services.ts";
import { type Session, settingsOf } from "../../plugin-api/session.ts";
import { settingFolder } from "../../plugin-api/setting-folder.ts";
import { newestFirst, type PythonArchive } from "./archive-name.ts";
import { settings } from "./settings.ts";
import { targetOf } from "./target.ts";

/** The archives for this machine, and where they are. */
export interface Sources {
  /** Newest first; one for each version. */
  readonly archives: readonly PythonArchive[];
  /** Without a slash at the end. */
  readonly base: string;
  /** A folder of this machine: nothing is out of reach without a network. */
  readonly isLocal: boolean;
  /** Platform triple of this machine; undefined where there are no builds for it. */
  readonly target: string | undefined;
}

/** Which Pythons can be installed here: by the mirror's own table where a key for it is set, else by the one carried along. */
export async function sourcesOf(session: Session, isRefreshed: boolean): Promise<Sources> {
  const mirror = await mirrorOf(session);
  const publicKey = await keyOf(session);
  const target = targetOf(await session.use(Host));
  const { embeddedTable, PUBLISHED_AT } = await import("./embedded-table.ts");
  const base = (mirror ?? PUBLISHED_AT).replace(/\/+$/, "");
  const all =
    publicKey === undefined || mirror === undefined
      ? embeddedTable()
      : await (await import("./mirror-table.ts")).mirrorTable({ url: base, publicKey }, isRefreshed, session);
  const own = newestFirst(all.filter((archive) => archive.target === target));
  const seen = new Set<string>();
  const archives = own.filter(({ version, isFreeThreaded }) => {
    const name = `${version} ${isFreeThreaded}`;
    return !seen.has(name) && seen.add(name);
  });
  return { archives, base, isLocal: base.startsWith("file:"), target };
}

/** An address; a path is one too, relative to the file that has it. */
async function mirrorOf(session: Session): Promise<string | undefined> {
  const { pythonMirror } = settingsOf(session, settings);
  if (pythonMirror === undefined || /^[a-z][a-z0-9+.-]+:/i.test(pythonMirror)) return pythonMirror;
  const origin = (await session.use(SettingsTable)).get("python-mirror")?.origin;
  return pathToFileURL(path.resolve(settingFolder(origin, session.cwd), pythonMirror)).href;
}

/** Whoever writes a project's files must not decide whose programs are trusted. */
async function keyOf(session: Session): Promise<string | undefined> {
  const { pythonMirrorKey } = settingsOf(session, settings);
  const { projectRoot } = await session.use(Host);
  const origin = (await session.use(SettingsTable)).get("python-mirror-key")?.origin;
  if (origin?.kind !== "file" || projectRoot === undefined || !origin.name.startsWith(projectRoot))
    return pythonMirrorKey;
  throw new PybunError("E_CONFIG_INVALID", "`python-mirror-key` is not taken from a project's files", {
    file: origin.name,
    ...(origin.line !== undefined && { line: origin.line }),
    hints: ["set it for the user: `pybun config set --user python-mirror-key KEY`"],
  });
}

/** `3.9 to 3.15`; undefined where there is nothing. */
export function minorsOf({ archives }: Sources): string | undefined {
  const minors = [...new Set(archives.map(({ version }) => version.split(".").slice(0, 2).join(".")))];
  return minors.length < 2 ? minors[0] : `${minors.at(-1)} to ${minors[0]}`;
}

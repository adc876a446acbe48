import { execFile } from "node:child_process";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import type { Report, TextStyle } from "../../plugin-api/report.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";
import { counted, formatDuration } from "../../plugin-api/text/units.ts";
import source from "./python/list.py" with { type: "text" };
import { type ListOf, remembered } from "./remembered-list.ts";
import { expanded, type Listed, scanAll } from "./scan.ts";
import { type Here, pathData } from "./universe.ts";

/** Some environments have hundreds of thousands of modules. */
const MOST_BYTES = 1 << 30;

interface Listing {
  readonly listed: readonly Listed[];
  readonly scanMs: number;
}

/** All modules, or those below folders. */
export async function listModules(
  { folders, isCompared }: { readonly folders: readonly string[]; readonly isCompared: boolean },
  here: Here,
  session: Session,
): Promise<Report> {
  const host = await session.use(Host);
  const { entries } = here.searchPath;
  const below = folders.map((folder) => path.resolve(session.cwd, folder));
  // A comparison is of the work itself, and then of what is left of it the next time.
  const list = isCompared
    ? scanned(here, entries)
    : remembered({ entries: below.length > 0 ? below : entries, isBelow: below.length > 0, here }, host.dataDir);
  const compared = isCompared ? await compare(list, here, session) : undefined;
  const againMs = isCompared ? timeAgain({ entries, isBelow: false, here }, host.dataDir) : undefined;
  const isSame = compared === undefined || compared.different.length === 0;
  const place = { cwd: session.cwd, home: host.home };
  return {
    exitCode: isSame ? 0 : 1,
    data: {
      modules: isCompared ? [] : list.listed,
      count: list.listed.length,
      ...pathData(below.length > 0 ? { entries: below, unfollowed: [] } : here.searchPath),
      duration_us: Math.round(list.scanMs * 1000),
      env: here.env,
      ...(compared && { benchmark: { ...compared, again_ms: againMs ?? null } }),
    },
    text: (ui) =>
      compared ? comparedText(compared, { count: list.listed.length, againMs }) : listText(list.listed, { ui, place }),
  };
}

function scanned(here: Here, entries: readonly string[]): Listing {
  const beganMs = performance.now();
  const universe = here.universe(entries);
  const listed = expanded(scanAll(universe), universe);
  return { listed, scanMs: performance.now() - beganMs };
}

/** Undefined where a folder has only just changed: nothing is kept of that. */
function timeAgain(list: ListOf, dataDir: string): number | undefined {
  remembered(list, dataDir);
  const { isRemembered, scanMs } = remembered(list, dataDir);
  return isRemembered ? scanMs : undefined;
}

interface Showing {
  readonly ui: TextStyle;
  readonly place: Parameters<typeof showPath>[1];
}

function listText(listed: readonly Listed[], { ui, place }: Showing): string {
  // Thousands of files lie in some hundred folders.
  const folders = new Map<string, string>();
  const shown = (file: string): string => {
    const folder = path.dirname(file);
    const known = folders.get(folder) ?? showPath(folder, place);
    folders.set(folder, known);
    return known === "." ? path.basename(file) : `${known}${path.sep}${path.basename(file)}`;
  };
  const width = listed.reduce((most, { module }) => Math.max(most, module.length), 0);
  return listed
    .map(({ module, type, path: file, locations = [] }) => {
      const where = file === null ? locations.map(shown).join(", ") : shown(file);
      return `${module.padEnd(width)}  ${ui.dim(`${type.padEnd("namespace".length)}  ${where}`)}`.trimEnd();
    })
    .join("\n");
}

interface Compared {
  readonly scan_ms: number;
  readonly importlib_ms: number;
  readonly pkgutil_ms: number;
  readonly different: readonly {
    readonly module: string;
    readonly scan: string | null;
    readonly importlib: string | null;
  }[];
}

async function compare({ listed, scanMs }: Listing, here: Here, session: Session): Promise<Compared> {
  const said = await askPython(here, session);
  if (JSON.stringify(said.path) !== JSON.stringify(here.searchPath.entries)) return otherPath(said, here, scanMs);
  const taken = new Set(said.taken);
  const theirs = new Map(said.modules.map(([module, type, file]) => [module, `${type} ${file ?? ""}`]));
  const ours = new Map(listed.map(({ module, type, path: file }) => [module, `${type} ${file ?? ""}`]));
  const names = [...new Set([...ours.keys(), ...theirs.keys()])].filter((name) => !taken.has(name)).sort();
  const different = names
    .map((module) => ({ module, scan: ours.get(module) ?? null, importlib: theirs.get(module) ?? null }))
    .filter((row) => row.scan !== row.importlib);
  return { scan_ms: scanMs, importlib_ms: said.importlib_ms, pkgutil_ms: said.pkgutil_ms, different };
}

/** Where the two look in other places, every module would have to be told. */
function otherPath({ path: theirs, importlib_ms, pkgutil_ms }: Said, { searchPath }: Here, scanMs: number): Compared {
  const [scan, importlib] = [searchPath.entries, theirs].map((entries) => entries.join(path.delimiter)) as [
    string,
    string,
  ];
  return { scan_ms: scanMs, importlib_ms, pkgutil_ms, different: [{ module: "sys.path", scan, importlib }] };
}

interface Said {
  readonly path: readonly string[];
  readonly importlib_ms: number;
  readonly pkgutil_ms: number;
  readonly modules: readonly (readonly [module: string, type: string, path: string | null])[];
  /** Names that are part of the interpreter. */
  readonly taken: readonly string[];
}

async function askPython({ python: [python = "", ...words], first }: Here, session: Session): Promise<Said> {
  const { env } = await session.use(Host);
  const call = [...words, "-c", source, JSON.stringify(first), "--pkgutil"];
  const options = { env: env as NodeJS.ProcessEnv, cwd: session.cwd, maxBuffer: MOST_BYTES, signal: session.signal };
  return new Promise((resolve, reject) => {
    const child = execFile(python, call, options, (error, stdout, stderr) => {
      if (!error) return resolve(JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "") as Said);
      const evidence = stderr.trim().split("\n").slice(-3);
      reject(new PybunError("E_MODULE_FACTS", `\`${python}\` can't list its modules`, { evidence, cause: error }));
    });
    child.stdin?.end();
  });
}

function comparedText(
  { scan_ms, importlib_ms, pkgutil_ms, different }: Compared,
  { count, againMs }: { readonly count: number; readonly againMs: number | undefined },
): string {
  const times = (ms: number): string => `${formatDuration(ms)}, ${(ms / scan_ms).toFixed(1)} times as long`;
  const rows = different.map(
    ({ module, scan, importlib }) => ` ~ ${module}  ${scan ?? "-"}  importlib: ${importlib ?? "-"}`,
  );
  return [
    ...rows,
    `module-find  ${formatDuration(scan_ms)}${againMs === undefined ? "" : `, ${formatDuration(againMs)} from then on`}`,
    `importlib    ${times(importlib_ms)}`,
    `pkgutil      ${times(pkgutil_ms)}`,
    `${counted(count, "module")}, ${different.length === 0 ? "the same as importlib finds" : `${different.length} not as importlib finds them`}`,
  ].join("\n");
}

import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { createPlace, type Place, type Result } from "../harness/project.ts";
import { serveCase } from "./hostile-index.ts";
import type { HostileRow } from "./hostile-row.ts";
import { type CaseResult, judged } from "./kind.ts";
import { measured } from "./measured.ts";
import { dangerousFiles, differences, type TreeState, treeState } from "./tree-state.ts";

interface Where {
  /** Folder of the manifest and the files. */
  readonly folder: string;
  /** Program that serves index cases; without it `routes.json` is served by ourselves. */
  readonly server: string | undefined;
}

/** Exit codes of a refusal: configuration, resolution, network, integrity, build. A crash (70) is none. */
const REFUSALS = [3, 4, 5, 6, 7];
const CANARY = "ESCAPED\n";
const DEFAULT_SECONDS = 60;
/** Folders of the data directory that may change although nothing was installed. */
const FREE = /^(logs|locks)\//;

/** Installs one file, or from one index, in a home of its own through a script's requirements, as a user would. */
export async function runHostileCase(row: HostileRow, where: Where): Promise<CaseResult> {
  const place = createPlace();
  const index = row.kind === "index" ? await serveCase(row, where.folder, where.server) : undefined;
  try {
    await warmUp(place);
    const keepers = plantKeepers(place, row.must_survive ?? []);
    place.write({ "case.py": script(row, where.folder, index?.settings) });
    const before = treeState(place.root);
    const outside = outsideState();
    const run = await measured(place, ["--format=json", "run", "case.py"], {
      env: index?.env ?? {},
      maxFileBytes: row.max_bytes,
      timeoutMs: 1000 * (row.max_seconds ?? DEFAULT_SECONDS),
    });
    const complaints = [
      ...judgeResult(row, run.result),
      ...judgeLimits(row, run),
      ...judgeTraces(row, place, before),
      ...keepers.filter((file) => !isKeeper(file)).map((file) => `${path.relative(place.root, file)} did not survive`),
      ...differences(outside, outsideState()).map((change) => `outside of its home: ${change}`),
    ];
    return judged(row.name, complaints);
  } finally {
    await index?.stop();
    for (const file of row.must_survive ?? []) if (path.isAbsolute(file) && isKeeper(file)) fs.rmSync(file);
    place.remove();
  }
}

/** Fills the caches that have nothing to do with the case, so that what changes afterwards is the case's doing. */
async function warmUp(place: Place): Promise<void> {
  place.write({ "warm.py": "# /// script\n# dependencies = []\n# ///\n" });
  const { exitCode, stderr } = await place.run(["run", "warm.py"]);
  if (exitCode !== 0) throw new Error(`a script without requirements ended with ${exitCode}: ${stderr}`);
}

function script(row: HostileRow, folder: string, settings = ""): string {
  const module = row.name.replaceAll("-", "_");
  const project = row.project ?? row.name.replaceAll("_", "-");
  const requirement =
    row.kind === "index" ? project : `${project} @ ${pathToFileURL(path.join(folder, row.file)).href}`;
  const block = `# /// script\n# dependencies = [${JSON.stringify(requirement)}]\n${settings}# ///\n`;
  const body = `import importlib.metadata\nimport ${module}\n`;
  return `${block}${body}print("IMPORTED", importlib.metadata.version(${JSON.stringify(project)}))\n`;
}

function judgeResult(row: HostileRow, result: Result): string[] {
  const output = result.stdout + result.stderr;
  const imported = /IMPORTED ([^\s"\\]+)/.exec(output)?.[1];
  const ending = result.exitCode === null ? `signal ${result.signal}` : `exit code ${result.exitCode}`;
  const isRefused = REFUSALS.includes(result.exitCode ?? -1) && imported === undefined;
  const isInstalled = result.exitCode === 0 && imported !== undefined;
  const said = `${ending}: ${firstError(result)}`;
  const complaints: string[] = [];
  if (row.expected === "reject" && !isRefused) complaints.push(`should be refused, but ended with ${said}`);
  if (row.expected === "safe" && !isRefused && !isInstalled) complaints.push(`neither installed nor refused: ${said}`);
  if (row.control && !isInstalled) complaints.push(`should install and be imported, but ended with ${said}`);
  if (row.must_select !== undefined && imported !== row.must_select) {
    complaints.push(`should select ${row.must_select}, but took ${imported ?? `nothing (${said})`}`);
  }
  for (const word of row.report ?? []) {
    if (!output.toLowerCase().includes(word.toLowerCase())) complaints.push(`says nothing of "${word}"`);
  }
  return complaints;
}

function firstError(result: Result): string {
  try {
    const { diagnostics } = result.json();
    const first = diagnostics.find((each) => each.level === "error");
    if (first !== undefined) return `${first.code} ${first.message}`;
  } catch {
    return `no envelope: ${(result.stderr || result.stdout).trim().slice(0, 300)}`;
  }
  return "no error told";
}

function judgeLimits(row: HostileRow, run: { readonly peakBytes: number; readonly result: Result }): string[] {
  const complaints: string[] = [];
  if (row.max_bytes !== undefined && run.peakBytes > row.max_bytes) {
    complaints.push(
      `held ${run.peakBytes >> 20} MiB beyond what an empty run holds, ${row.max_bytes >> 20} are allowed`,
    );
  }
  if (row.max_seconds !== undefined && run.result.durationMs > row.max_seconds * 1000) {
    complaints.push(`took ${Math.round(run.result.durationMs)} ms, ${row.max_seconds} s are allowed`);
  }
  return complaints;
}

function judgeTraces(row: HostileRow, place: Place, before: TreeState): string[] {
  const after = treeState(place.root);
  const isNew = (file: string): boolean => !before.has(file);
  const complaints = [
    ...dangerousFiles(place.root, isNew),
    ...place
      .leftovers()
      .filter(isNew)
      .map((file) => `${file} is left over`),
  ];
  const forbidden = new Set((row.must_not_exist ?? []).map((file) => path.basename(file)));
  for (const file of after.keys()) {
    if (!isNew(file)) continue;
    const name = path.basename(file);
    if (forbidden.has(name) || name.startsWith("escape-")) complaints.push(`${file} exists`);
    else if (holdsCanary(path.join(place.root, file))) complaints.push(`${file} holds what the case smuggles in`);
  }
  for (const file of row.must_not_exist ?? []) {
    if (path.isAbsolute(file) && fs.existsSync(file)) complaints.push(`${file} exists`);
  }
  if (row.expected === "reject") {
    const changes = differences(withoutFree(before, place), withoutFree(after, place)).filter(
      (change) => !(row.kind === "index" && change.startsWith("data/index/")),
    );
    complaints.push(...changes.map((change) => `not as before: ${change}`));
  }
  return [...new Set(complaints)];
}

const withoutFree = (state: TreeState, place: Place): TreeState =>
  new Map([...state].filter(([file]) => !FREE.test(path.relative(place.data, path.join(place.root, file)))));

function holdsCanary(file: string): boolean {
  const stat = fs.lstatSync(file);
  return stat.isFile() && stat.size === CANARY.length && fs.readFileSync(file, "latin1") === CANARY;
}

/**
 * `must_survive` names files relative to a folder that does not exist yet (an environment, an unpacked archive). They
 * are planted wherever such a path could lead to: in every folder of the place that is there now. Absolute ones are
 * planted where they say, if nothing is there.
 */
function plantKeepers(place: Place, names: readonly string[]): string[] {
  const folders = [place.root, place.home, place.cwd, place.temporary, place.data, ...subfolders(place.data)];
  return names.flatMap((name) => {
    const isFree = path.isAbsolute(name) && !fs.existsSync(name);
    const files = [...folders.map((folder) => path.join(folder, path.basename(name))), ...(isFree ? [name] : [])];
    for (const file of files) fs.writeFileSync(file, KEEPER);
    return files;
  });
}

const KEEPER = "keep me\n";
const isKeeper = (file: string): boolean => fs.existsSync(file) && fs.readFileSync(file, "utf8") === KEEPER;

const subfolders = (folder: string): string[] =>
  fs.existsSync(folder)
    ? fs
        .readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && entry.name !== "tmp")
        .map((entry) => path.join(folder, entry.name))
    : [];

/** Where an escape would land that leaves the home altogether. */
function outsideState(): TreeState {
  const names = ["/tmp", "/", "/var/tmp"].flatMap((folder) =>
    fs.existsSync(folder) ? fs.readdirSync(folder).map((name) => path.join(folder, name)) : [],
  );
  return new Map(names.filter((file) => /(escape|keep)-\d+/.test(file)).map((file) => [file, "there"]));
}

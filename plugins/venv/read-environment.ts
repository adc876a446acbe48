import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import type { Environment } from "../../plugin-api/model/environment.ts";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import type { Interpreters } from "../../plugin-api/services.ts";
import { readEnvironmentStamp } from "../../plugin-api/system/environment-stamp.ts";
import { listInstalled } from "./installed.ts";
import { withLost } from "./lost.ts";
import { type Around, environmentsFolder, executableIn, isEnvironment, isOwn, shownPath } from "./places.ts";
import { sitePackagesOf } from "./skeleton.ts";

/** How an environment came to be looked at; decides what a repair would be. */
export interface Chosen {
  readonly root: string;
  /** Such as `PYBUN_ENV`, when a variable named it. */
  readonly variable?: string;
}

/** Reads a virtual environment (PEP 405). Throws `E_ENV_BROKEN`. */
export async function readEnvironment(
  chosen: Chosen,
  interpreters: Interpreters,
  around: Around,
): Promise<Environment> {
  const { root } = chosen;
  const config = readConfig(root);
  if (!config) throw broken(`\`${shownPath(root, around)}\` is not an environment`, chosen, { around });
  const interpreter = await interpreters.probe(root, "explicit").catch((error: unknown) => {
    if (!(error instanceof PybunError) || error.code !== "E_PYTHON_NOT_FOUND") throw error;
    throw gone(chosen, config, { around, cause: error });
  });
  const python = executableIn(root, interpreter, around.host.platform);
  if (!fs.existsSync(python)) throw gone(chosen, config, { around });
  checkVersion(chosen, config, { interpreter, around });
  return environmentAt(root, interpreter, python);
}

/** The installation a Python belongs to itself, used as it is. */
export const hostEnvironment = (interpreter: Interpreter): Environment =>
  environmentAt(interpreter.prefix, interpreter, interpreter.path);

function environmentAt(root: string, interpreter: Interpreter, python: string): Environment {
  const sitePackages = path.join(root, sitePackagesOf(interpreter));
  const stamp = readEnvironmentStamp(root);
  const installed = withLost({ sitePackages, installed: listInstalled(sitePackages, stamp), stamp });
  return Object.freeze({ root, interpreter, python, sitePackages, installed });
}

type Config = ReadonlyMap<string, string>;

export function readConfig(root: string): Config | undefined {
  if (!isEnvironment(root)) return undefined;
  const lines = fs.readFileSync(path.join(root, "pyvenv.cfg"), "utf8").split(/\r?\n/);
  return new Map(
    lines.flatMap((line) => {
      const at = line.indexOf("=");
      return at < 1 ? [] : [[line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()] as const];
    }),
  );
}

const minorOf = (config: Config): string | undefined =>
  /^\d+\.\d+/.exec(config.get("version_info") ?? config.get("version") ?? "")?.[0];

/** An upgrade of the system may put another minor version at the same path; packages of the old one are of no use to it. */
function checkVersion(
  chosen: Chosen,
  config: Config,
  { interpreter, around }: { readonly interpreter: Interpreter; readonly around: Around },
): void {
  const made = minorOf(config);
  const now = interpreter.tags.python.join(".");
  if (made === undefined || made === now) return;
  const name = shownPath(chosen.root, around);
  throw broken(`\`${name}\` was made for Python ${made}, and its Python is ${now} now`, chosen, {
    around,
    minor: now,
  });
}

interface Where {
  readonly around: Around;
  readonly cause?: unknown;
}

function gone(chosen: Chosen, config: Config, { around, cause }: Where): PybunError {
  const was = config.get("executable") ?? config.get("base-executable") ?? config.get("home");
  const minor = minorOf(config);
  const message = `the Python of \`${shownPath(chosen.root, around)}\` is gone${was === undefined ? "" : ` (${was})`}`;
  return broken(message, chosen, { around, ...(minor !== undefined && { minor }), cause });
}

/** `E_ENV_BROKEN` with the command that mends it. */
export function broken(
  message: string,
  { root, variable }: Chosen,
  { around, minor, cause }: Where & { readonly minor?: string },
): PybunError {
  const python = minor === undefined ? "" : ` --python ${minor}`;
  const isForeign = variable !== undefined && !isOwn(root, around.host);
  const isNamed = variable !== undefined && path.dirname(root) === environmentsFolder(around.host);
  const name = isNamed ? ` ${path.basename(root)}` : "";
  const repair = isForeign
    ? `pybun venv ${shownPath(root, around)} --clear${python}`
    : `pybun env create${name}${python}`;
  const again = fs.existsSync(root) ? "rebuild it" : "make it";
  const verb = isForeign || isOwn(root, around.host) ? again : "make one that comes before it";
  const leave = variable === undefined ? [] : [`or leave it out: \`unset ${variable}\``];
  // A folder that holds something else is never replaced by an environment.
  const canRepair = !isForeign || isEnvironment(root) || isFree(root);
  return new PybunError("E_ENV_BROKEN", message, {
    hints: canRepair ? [`${verb}: \`${repair}\``, ...leave] : leave.map((words) => words.replace(/^or /, "")),
    context: { path: root, ...(variable === undefined ? {} : { origin: variable }) },
    ...(canRepair && {
      fixes: [{ id: "rebuild-environment", applicability: "review" as const, command: repair.split(" ") }],
    }),
    cause,
  });
}

/** Nothing is there, or a folder with nothing in it. */
function isFree(root: string): boolean {
  const stat = fs.statSync(root, { throwIfNoEntry: false });
  return stat === undefined || (stat.isDirectory() && fs.readdirSync(root).length === 0);
}

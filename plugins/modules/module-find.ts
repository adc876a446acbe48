import fs from "node:fs";
import path from "node:path";
import type { RunOf } from "../../plugin-api/command.ts";
import { type Diagnostic, warning } from "../../plugin-api/diagnostic.ts";
import type { Report, TextStyle } from "../../plugin-api/report.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";
import { usageError } from "../../plugin-api/usage.ts";
import type { moduleFind as spec } from "./commands.ts";
import { type Found, findModule, nearestModule, type Universe } from "./find.ts";
import { listModules } from "./list-modules.ts";
import type { SearchPath } from "./search-path.ts";
import { type Here, look, pathData } from "./universe.ts";

const NAME = /^[^\s./\\]+(\.[^\s./\\]+)*$/;

/** SPEC MOD-02. */
const moduleFind: RunOf<typeof spec> = async (options, operands, session) => {
  const isScan = options.scan !== undefined;
  if (!isScan && operands.length === 0 && !options.benchmark)
    throw usageError("module-find", "`pybun module-find` needs the name of a module, or `--scan`");
  const isForAll = isScan || operands.length === 0;
  const here = await look({ first: options.path, isForAll }, session);
  if (!isForAll) {
    if (options.benchmark)
      throw usageError("module-find", "`--benchmark` compares the list of all modules, not single names");
    return findAll(operands, here, session);
  }
  const folders = [options.scan ?? "", ...operands].filter((folder) => folder !== "");
  if (folders.length > 0 && options.benchmark)
    throw usageError("module-find", "`--benchmark` lists the modules of the environment, not of a folder");
  for (const folder of folders)
    if (!fs.existsSync(path.resolve(session.cwd, folder)))
      throw usageError("module-find", `there is no folder \`${folder}\` to list the modules of`);
  return listModules({ folders, isCompared: options.benchmark }, here, session);
};
export default moduleFind;

interface Answer extends Partial<Found> {
  readonly module: string;
  /** The first part of the name that is not there. */
  readonly missing?: string;
  /** One that is there, and has nearly that name. */
  readonly near?: string;
  readonly durationUs: number;
}

async function findAll(names: readonly string[], here: Here, session: Session): Promise<Report> {
  for (const name of names) if (!NAME.test(name)) throw usageError("module-find", `\`${name}\` is no name of a module`);
  const { home } = await session.use(Host);
  const { searchPath } = here;
  const beganMs = performance.now();
  const universe = here.universe(searchPath.entries);
  const answers = names.map((name) => answer(name, universe));
  const isAll = answers.every(({ type }) => type !== undefined);
  const modules = answers.map(asData);
  const [only] = modules;
  return {
    exitCode: isAll ? 0 : 1,
    data: {
      ...(modules.length === 1 && only),
      modules,
      ...pathData(searchPath),
      duration_us: microseconds(beganMs),
      env: here.env,
    },
    text: (ui) => answerText(answers, searchPath, { ui, place: { cwd: session.cwd, home } }),
    ...(!isAll && { diagnostics: startupCode(searchPath, { cwd: session.cwd, home }) }),
  };
}

function answer(module: string, universe: Universe): Answer {
  const beganMs = performance.now();
  const found = findModule(module, universe);
  const durationUs = microseconds(beganMs);
  if (found) return { module, ...found, durationUs };
  const parts = module.split(".");
  const prefixes = parts.map((_, index) => parts.slice(0, index + 1).join("."));
  const missing = prefixes.find((name) => !findModule(name, universe)) ?? module;
  const near = nearestModule(missing, universe);
  return { module, missing, ...(near !== undefined && { near }), durationUs };
}

const microseconds = (sinceMs: number): number => Math.round((performance.now() - sinceMs) * 1000);

const asData = ({ module, type, path: file, locations, missing, near, durationUs }: Answer) => ({
  module,
  found: type !== undefined,
  type: type ?? null,
  path: file ?? null,
  ...(locations && locations.length > 0 && { locations }),
  ...(missing !== undefined && { missing }),
  ...(near !== undefined && { nearest: near }),
  duration_us: durationUs,
});

interface Showing {
  readonly ui: TextStyle;
  readonly place: Parameters<typeof showPath>[1];
}

function answerText(answers: readonly Answer[], { entries }: SearchPath, { ui, place }: Showing): string {
  const width = Math.max(...answers.map(({ module }) => module.length));
  const rows = answers.map(({ module, type, path: file, locations = [], missing, near }) => {
    const name = `${ui.name(module)}${" ".repeat(width - module.length)}`;
    const what = `${missing === module ? "" : `: there is no ${missing}`}${near === undefined ? "" : `; there is ${near}`}`;
    if (type === undefined) return `${name}  not found${what}`;
    const places = file === null || file === undefined ? locations : [file];
    const where =
      places.length === 0
        ? ui.dim(type === "namespace" ? "no folder of its own" : "part of the interpreter")
        : places.map((it) => showPath(it, place)).join(", ");
    return `${name}  ${type.padEnd(TYPE_WIDTH)}  ${where}`;
  });
  const looked = entries.map((entry) => `  ${showPath(entry, place)}`);
  return [...rows, ...(ui.verbosity > 0 ? [ui.dim("looked in, in this order"), ...looked] : [])].join("\n");
}

const TYPE_WIDTH = "namespace".length;

/** What only Python itself could tell, where something was not found. */
function startupCode({ unfollowed }: SearchPath, place: Showing["place"]): readonly Diagnostic[] {
  if (unfollowed.length === 0) return [];
  const message = "code that runs when Python starts may make more modules importable than are found without it";
  const lines = unfollowed.map(({ file, line, code }) => `${showPath(file, place)}:${line}  ${shortened(code)}`);
  return [warning("I_MODULE_STARTUP_CODE", message, { evidence: lines })];
}

const MOST_LETTERS = 60;
const shortened = (code: string): string => (code.length > MOST_LETTERS ? `${code.slice(0, MOST_LETTERS)}...` : code);

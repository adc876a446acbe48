import fs from "node:fs";
import path from "node:path";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import { writeAtomically } from "../../plugin-api/system/atomic-file.ts";
import type { Place } from "./folders.ts";
import { identifyCached } from "./identify.ts";

// Looking through forty folders takes ten times as long as asking whether one of them changed. So the answers of the last
// search are kept with the time of change of everything it looked at.

interface Recent {
  readonly format: number;
  /** The variables that decide where is looked. */
  readonly environment: string;
  readonly visited: readonly Visited[];
  readonly answers: Readonly<Record<string, { readonly path: string; readonly source: Interpreter["source"] }>>;
}
/** Time of change in milliseconds; 0 when there is nothing. */
type Visited = readonly [path: string, mtimeMs: number];

const FORMAT = 1;
/** File systems note times in steps; a change in the same step as the last look would not be seen. */
const CLOCK_TICK_MS = 50;
const VARIABLES =
  "PATH Path VIRTUAL_ENV CONDA_PREFIX CONDA_EXE MAMBA_EXE MAMBA_ROOT_PREFIX PYENV_ROOT ASDF_DATA_DIR MISE_DATA_DIR RYE_HOME LOCALAPPDATA ProgramFiles".split(
    " ",
  );

/** The answer to the same wish, if nothing that was looked at has changed since. */
export function recallAnswer(wish: string, place: Place): Interpreter | undefined {
  const recent = read(place);
  const answer = recent?.answers[wish];
  if (!recent || !answer || !recent.visited.every(isUnchanged)) return undefined;
  try {
    const found = identifyCached(answer.path, answer.source, place);
    return found && "interpreter" in found ? found.interpreter : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps an answer, together with earlier ones that hold as long. A cache that can't be written is no error. */
export function rememberAnswer(wish: string, interpreter: Interpreter, search: Search): void {
  const { place, visited } = search;
  if (visited.some(([, mtimeMs]) => mtimeMs > Date.now() - CLOCK_TICK_MS)) return;
  const earlier = read(place);
  const isSame = earlier !== undefined && JSON.stringify(earlier.visited) === JSON.stringify(visited);
  const { path: file, source } = interpreter;
  const answers = { ...(isSame ? earlier.answers : {}), [wish]: { path: file, source } };
  const recent: Recent = { format: FORMAT, environment: environmentOf(place), visited, answers };
  try {
    fs.mkdirSync(path.dirname(fileIn(place)), { recursive: true });
    writeAtomically(fileIn(place), JSON.stringify(recent));
  } catch {
    return;
  }
}

/** A search under way: `visit` is to be called before the place is looked into. */
export interface Search {
  readonly place: Place;
  readonly visited: Visited[];
  readonly visit: (path: string) => void;
}

export function startSearch(place: Place): Search {
  const visited: Visited[] = [];
  return { place, visited, visit: (path) => visited.push([path, changedAt(path)]) };
}

function read(place: Place): Recent | undefined {
  const file = fileIn(place);
  if (!fs.existsSync(file)) return undefined;
  try {
    const recent = JSON.parse(fs.readFileSync(file, "utf8")) as Recent;
    return recent.format === FORMAT && recent.environment === environmentOf(place) ? recent : undefined;
  } catch {
    return undefined;
  }
}

const isUnchanged = ([path, mtimeMs]: Visited): boolean => changedAt(path) === mtimeMs;

function changedAt(path: string): number {
  try {
    return fs.statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  } catch {
    return 0;
  }
}

const environmentOf = ({ env, home, platform }: Place): string =>
  [platform, home, ...VARIABLES.map((name) => env[name] ?? "")].join("\n");

const fileIn = (place: Place): string => path.join(place.dataDir, "interpreters", "recent.json");

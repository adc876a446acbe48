import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { cleanEnvironment } from "./clean-environment.ts";
import { checkOutput, type JsonEnvelope, parseEnvelope } from "./envelope.ts";
import { executablePath } from "./executable.ts";
import { removeTree } from "./files.ts";
import type { IndexServer } from "./index-server.ts";
import { normalize } from "./normalize.ts";
import { findPython } from "./python.ts";
import { endStragglers } from "./stragglers.ts";
import { until } from "./until.ts";

export interface PlaceOptions {
  /** The only index the executable knows; without one it has an address where nobody answers. */
  readonly index?: IndexServer;
  readonly env?: Readonly<Record<string, string>>;
  /** Folder to make the place in; default the system's temporary folder. */
  readonly under?: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  readonly stdin?: string;
  readonly timeoutMs?: number;
  /** The system stops the process when it lets a file grow beyond this. */
  readonly maxFileBytes?: number;
  /** Words in front of the executable's path: a program that runs it in surroundings of its own. */
  readonly behind?: readonly string[];
}

export interface Result {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
  /** The one JSON object on standard output; throws when there is anything else. */
  json(): JsonEnvelope;
}

export interface Running {
  readonly pid: number;
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<Result>;
}

/** A home, a working directory and a data directory of their own, and the real executable run in them. */
export interface Place {
  readonly root: string;
  readonly home: string;
  readonly cwd: string;
  /** `PYBUN_HOME`. */
  readonly data: string;
  readonly temporary: string;
  /** Writes files below the working directory: path -> content. */
  write(files: Readonly<Record<string, string>>): void;
  read(file: string): string;
  exists(file: string): boolean;
  run(argv: readonly string[], options?: RunOptions): Promise<Result>;
  start(argv: readonly string[], options?: RunOptions): Running;
  /** Output with everything replaced that differs from run to run and place to place. */
  normalize(text: string): string;
  /** Files that should not be there any more: whatever is temporary by place or by name. */
  leftovers(): string[];
  remove(): void;
}

const TIMEOUT_MS = 120_000;
const LEFT_MS = 3_000;
const LATER_MS = 50;
const NO_INDEX = "http://127.0.0.1:9/simple/";
const NO_MIRROR = "http://127.0.0.1:9/pythons";

/** Makes a place; call `remove` at the end, or use `inPlace`. */
export function createPlace(options: PlaceOptions = {}): Place {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(options.under ?? os.tmpdir(), "place-")));
  const [home, cwd, data, temporary] = ["home", "work", "data", "tmp"].map((name) => path.join(root, name)) as [
    string,
    string,
    string,
    string,
  ];
  for (const folder of [home, cwd, temporary]) fs.mkdirSync(folder);
  const env: Readonly<Record<string, string | undefined>> = {
    ...cleanEnvironment({ home, temporary }),
    PATH: searchPath(),
    PYBUN_HOME: data,
    PYBUN_INDEX_URL: options.index?.url ?? NO_INDEX,
    PYBUN_PYTHON_MIRROR: NO_MIRROR,
    ...options.env,
  };
  const inside = (file: string): string => path.resolve(cwd, file);
  const start: Place["start"] = (argv, more = {}) => startIn(argv, { cwd, ...more, env: { ...env, ...more.env } });
  return {
    root,
    home,
    cwd,
    data,
    temporary,
    start,
    async run(argv, more) {
      const result = await start(argv, more).ended;
      // A daemon writes its log after it has answered.
      if (env["PYBUN_DAEMON"] === "on") await new Promise((resolve) => setTimeout(resolve, LATER_MS));
      return result;
    },
    write: (files) => {
      for (const [file, text] of Object.entries(files)) {
        fs.mkdirSync(path.dirname(inside(file)), { recursive: true });
        fs.writeFileSync(inside(file), text);
      }
    },
    read: (file) => fs.readFileSync(inside(file), "utf8"),
    exists: (file) => fs.existsSync(inside(file)),
    normalize: (text) => normalize(text, root),
    leftovers: () => leftoversIn({ root, data, temporary }),
    remove: () => {
      endStragglers(root);
      removeTree(root);
    },
  };
}

/** A test body with a place of its own, which must be left without temporary files and is removed afterwards. */
export const inPlace =
  (body: (place: Place) => Promise<void>, options: PlaceOptions = {}) =>
  async (): Promise<void> => {
    const place = createPlace(options);
    try {
      await body(place);
      // A daemon may remove its own after it has answered.
      await until(() => place.leftovers().length === 0, "none are left", LEFT_MS).catch(() => {
        throw new Error(`temporary files are left: ${place.leftovers().join(", ")}`);
      });
    } finally {
      place.remove();
    }
  };

/** Where the interpreter is, and the system's own programs; no shims, and nothing of the user's. */
function searchPath(): string {
  const python = findPython();
  const system = ["/usr/local/bin", "/usr/bin", "/bin"].filter((folder) => fs.existsSync(folder));
  return [...(python === undefined ? [] : [path.dirname(python.path)]), ...system].join(path.delimiter);
}

function startIn(
  argv: readonly string[],
  options: Omit<RunOptions, "env"> & {
    readonly cwd: string;
    readonly env: Readonly<Record<string, string | undefined>>;
  },
): Running {
  const startedAtMs = performance.now();
  const [program, ...words] = limited([...(options.behind ?? []), executablePath(), ...argv], options.maxFileBytes) as [
    string,
    ...string[],
  ];
  const child = spawn(program, words, {
    cwd: options.cwd,
    env: options.env,
    stdio: [options.stdin === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    // A group of its own: what hangs can be stopped together with what it started.
    detached: true,
  });
  child.stdin?.on("error", () => {}); // the program may end without reading
  child.stdin?.end(options.stdin);
  const ended = new Promise<Result>((resolve, reject) => {
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout?.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => err.push(chunk));
    const timer = setTimeout(() => process.kill(-(child.pid ?? 0), "SIGKILL"), options.timeoutMs ?? TIMEOUT_MS);
    child.on("error", reject);
    child.on("close", (exitCode, signal) => {
      clearTimeout(timer);
      const stdout = Buffer.concat(out).toString();
      const durationMs = performance.now() - startedAtMs;
      const json = (): JsonEnvelope => parseEnvelope(stdout);
      const result = { exitCode, signal, stdout, stderr: Buffer.concat(err).toString(), durationMs, json };
      try {
        checkOutput(stdout, exitCode);
        resolve(result);
      } catch (error) {
        reject(error);
      }
    });
  });
  return { pid: child.pid ?? -1, kill: (signal) => void child.kill(signal), ended };
}

function limited(command: readonly string[], maxFileBytes: number | undefined): readonly string[] {
  if (maxFileBytes === undefined || process.platform === "win32") return command;
  return ["/bin/sh", "-c", 'ulimit -f "$0" && exec "$@"', String(Math.ceil(maxFileBytes / 512)), ...command];
}

/** By their names; beside a package's tree nothing else is hidden. */
const UNFINISHED = /\/\.[^/]*\.tmp$|\.kept$|\/packages\/..\/..\/[^/]+\/(?:installed-[^/]+\/)?\.[^/]+$/;

function leftoversIn(place: { readonly root: string; readonly data: string; readonly temporary: string }): string[] {
  const found: string[] = [];
  const visit = (folder: string, isTemporary: boolean): void => {
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
      const file = path.join(folder, entry.name);
      if (isTemporary || UNFINISHED.test(file)) found.push(path.relative(place.root, file));
      else if (entry.isDirectory()) visit(file, file === place.temporary || file === path.join(place.data, "tmp"));
    }
  };
  visit(place.root, false);
  return found;
}

// In the first module of the executable: it may import what stands in plugin-api/launch, and nothing else.
import { childEnvironment } from "../plugin-api/launch/child-environment.ts";
import { socketOfDaemon } from "../plugin-api/launch/daemon/ask.ts";
import { rememberHanded } from "../plugin-api/launch/exec/native.ts";
import { become } from "../plugin-api/launch/native.ts";
import type { Caller } from "../plugin-api/launch/note.ts";
import { optionAgainstBootstraps, pythonPathWith } from "../plugin-api/launch/python-path.ts";
import type { Stamp } from "../plugin-api/launch/run-stamp.ts";
import { askServer, type MissingServer, type Program } from "../plugin-api/launch/zygote/ask.ts";
import { reasonAgainst } from "../plugin-api/launch/zygote/place.ts";
import { isBuilt } from "./product.ts";

/** What a stamp that holds is about to start. */
export interface Start {
  readonly stamp: Stamp;
  /** The whole command line. */
  readonly argv: readonly string[];
  /** Of it, the words with options for Python that were typed. */
  readonly typed: readonly string[];
  /** The same for a fork server; undefined where none can stand for it. */
  readonly program: Omit<Program, "environment" | "variables" | "cwd"> | undefined;
}

/** What a command leads to that was run before, where every premise is unchanged; undefined for everything else. */
export type Ready = (argv: readonly string[], caller: Caller) => Promise<Start | undefined>;

/** Becomes the program, or has a fork server run it. Returns where the system refuses, which the full command then tells of. */
export async function begin(start: Start, caller: Caller): Promise<void> {
  const forked = forkOf(start, caller);
  if (forked !== undefined) {
    const { missing } = await askServer(forked, caller.env);
    if (missing !== undefined) await prepareNext(start, { forked, missing }, caller);
  }
  const { exitCode } = process;
  try {
    await become(start.argv, plainVariables(start, caller), caller.cwd);
  } catch {
    process.exitCode = exitCode;
  }
}

interface Missing {
  readonly forked: Program;
  readonly missing: MissingServer;
}

/** Who runs the same time and again is served best by a fork server, and by a daemon that knows of that. */
async function prepareNext({ stamp }: Start, { forked, missing }: Missing, { env }: Caller): Promise<void> {
  (await import("../plugins/zygote/start-server.ts")).startServer(forked, missing);
  const socket = isBuilt && stamp.hasDaemon ? await socketOfDaemon([], env) : undefined;
  if (socket === undefined) return;
  // What the runtime opens for a child is not for the program.
  await rememberHanded();
  (await import("../plugins/daemon/start.ts")).startDaemon(socket, env);
}

/** The program as a fork server is asked for it; undefined where none may run it. */
export function forkOf({ stamp, program }: Start, { env, cwd }: Caller): Program | undefined {
  const { environment, bootstraps, hasForkServer } = stamp;
  if (!hasForkServer || program === undefined) return undefined;
  const variables = childEnvironment(env, { path: environment, python: stamp.python });
  const forked = { ...program, environment, variables, cwd, ...(bootstraps && { bootstraps }) };
  return reasonAgainst(forked) === undefined ? forked : undefined;
}

/** The variables of the program where it is started as any other. */
export function plainVariables({ stamp, typed }: Start, { env }: Caller): Record<string, string> {
  const { environment, bootstraps, python } = stamp;
  const variables = childEnvironment(env, { path: environment, python });
  if (bootstraps !== undefined && optionAgainstBootstraps(typed) === undefined)
    variables["PYTHONPATH"] = pythonPathWith(bootstraps, variables["PYTHONPATH"]);
  return variables;
}

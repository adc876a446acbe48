// In the first module of the executable: it may import what stands in plugin-api/launch, and nothing else.
import { childEnvironment } from "../plugin-api/launch/child-environment.ts";
import { become } from "../plugin-api/launch/native.ts";
import type { Caller } from "../plugin-api/launch/note.ts";
import { optionAgainstBootstraps, pythonPathWith } from "../plugin-api/launch/python-path.ts";
import type { Stamp } from "../plugin-api/launch/run-stamp.ts";
import { askServer, type Program } from "../plugin-api/launch/zygote/ask.ts";
import { reasonAgainst } from "../plugin-api/launch/zygote/place.ts";

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

/** Becomes the program, or has a fork server run it. Returns where the system refuses, which the full command then tells of. */
export async function start({ stamp, argv, typed, program }: Start, { env, cwd }: Caller): Promise<undefined> {
  const { environment, bootstraps, hasForkServer } = stamp;
  const variables = childEnvironment(env, { path: environment, python: stamp.python });
  if (hasForkServer && program !== undefined)
    await runByFork({ ...program, environment, variables, cwd, ...(bootstraps && { bootstraps }) }, env);
  if (bootstraps !== undefined && optionAgainstBootstraps(typed) === undefined)
    variables["PYTHONPATH"] = pythonPathWith(bootstraps, variables["PYTHONPATH"]);
  const { exitCode } = process;
  try {
    await become(argv, variables, cwd);
  } catch {
    process.exitCode = exitCode;
  }
  return undefined;
}

/** Returns only where the program did not run; a server for the next time is then on its way. */
async function runByFork(program: Program, env: Caller["env"]): Promise<void> {
  if (reasonAgainst(program) !== undefined) return;
  const { missing } = await askServer(program, env);
  if (missing) (await import("../plugins/zygote/start-server.ts")).startServer(program, missing);
}

// Imported by the start of the executable: not even node:fs and node:path may be imported here.
import { ANSWER_MS, encodeRequest, namedValues, socketName } from "../background.ts";
import { openSystem, type System } from "../zygote/native.ts";
import { attend } from "./attend.ts";
import { daemonFolder, isAllowed } from "./place.ts";
import { WORD } from "./words.ts";

/** A command to be run by a process that has started already. */
export interface DaemonCall {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}
/** What came of asking, where the command was not run. */
export interface NotServed {
  /** Nobody listens: a daemon may be started for the next time, at this socket. */
  readonly missing?: string;
}

/** Has a daemon run the command and ends this process as the command ended; returns only where it did not run. */
export async function askDaemon(call: DaemonCall): Promise<NotServed> {
  const { argv, env, cwd } = call;
  const system = isAllowed(argv, env) ? await openSystem() : undefined;
  const socket = system && socketFor(system, env);
  if (system === undefined || socket === undefined) return {};
  const connection = system.connect(socket);
  if (!connection) return { missing: socket };
  // As plugins/daemon/request.ts reads it.
  const startedAtMs = Math.round(performance.timeOrigin);
  const fields = [process.pid, startedAtMs, cwd, argv.length, ...argv, ...namedValues(env)].map(String);
  const isAsked = connection.send(encodeRequest(fields), [0, 1, 2]);
  const answer = isAsked ? connection.receive(ANSWER_MS) : undefined;
  if (answer?.[0] !== WORD.accepted) {
    connection.close();
    return {};
  }
  await attend(system, connection);
  return {};
}

/** Where a daemon listens that may be asked this; undefined where none may. */
export async function socketOfDaemon(argv: readonly string[], env: DaemonCall["env"]): Promise<string | undefined> {
  const system = isAllowed(argv, env) ? await openSystem() : undefined;
  return system && socketFor(system, env);
}

function socketFor(
  { session, hasTerminal }: Pick<System, "session" | "hasTerminal">,
  env: DaemonCall["env"],
): string | undefined {
  const folder = daemonFolder(env);
  return folder && `${folder}/${socketName(session, hasTerminal)}`;
}

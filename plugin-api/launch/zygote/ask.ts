// Imported by the fast path: not even node:fs and node:path may be imported here.
import { ANSWER_MS, counted, encodeRequest, namedValues, socketName } from "../background.ts";
import { handedToItself } from "../exec/native.ts";
import { type Connection, openSystem, type System } from "./native.ts";
import { entryOf, serverFolder, type Wanted } from "./place.ts";
import { type Handing, handSignalsOn } from "./signals.ts";

/** A program to be run by a fork of a Python that has started already. */
export interface Program extends Wanted {
  /** A command is a script that the system starts by its first line. */
  readonly kind: "script" | "command" | "module" | "code";
  /** The script, the command's absolute path, the module's name, or the code. */
  readonly text: string;
  /** `sys.argv` behind its first word. */
  readonly args: readonly string[];
  readonly cwd: string;
}
/** Where a server would listen, and for whom. */
export interface MissingServer {
  readonly socket: string;
  readonly hasTerminal: boolean;
}
/** What came of asking, where the program was not run. */
export interface Declined {
  /** Part of a sentence. */
  readonly reason: string;
  /** Nobody listens: a server may be started for the next time, at this socket. */
  readonly missing?: MissingServer;
}

/** The system takes no more with one message (SCM_MAX_FD), the three streams included. */
const MOST_DESCRIPTORS = 250;

/** Runs the program by a fork server and ends this process as the program ended; returns only where it did not run. */
export async function askServer(
  program: Program,
  env: Readonly<Record<string, string | undefined>>,
  onServed?: () => void,
): Promise<Declined> {
  const folder = serverFolder(program, env);
  if (folder === undefined) return { reason: "there is no folder for it" };
  const system = await openSystem();
  if (system === undefined) return { reason: "the system's library can't be called" };
  const { session, hasTerminal } = system;
  const socket = `${folder}/${socketName(session, hasTerminal)}`;
  const connection = system.connect(socket);
  if (!connection) return { reason: "none has been started", missing: { socket, hasTerminal } };
  const { descriptors, reason } = await handedToItself(env, [connection.fd]);
  if (reason !== undefined || descriptors.length > MOST_DESCRIPTORS) {
    connection.close();
    return { reason: reason ?? "it was given too many descriptors" };
  }
  if (!connection.send(requestFor(program, descriptors), [0, 1, 2, ...descriptors])) {
    connection.close();
    return { reason: "it could not be asked" };
  }
  const answer = connection.receive(ANSWER_MS);
  if (answer?.[0] !== "O".charCodeAt(0)) {
    connection.close();
    const said = answer && new TextDecoder().decode(answer.subarray(1));
    return { reason: said || "it did not answer" };
  }
  onServed?.();
  const [pid, group] = new Int32Array(answer.slice(1, 9).buffer) as unknown as [number, number];
  // The program takes this process's place in its job: signals of the terminal and of `kill %1` are for it alone.
  if (hasTerminal) system.setProcessGroup(group);
  // Somebody may send a signal as soon as the program has begun.
  const handing = handSignalsOn(pid);
  connection.send(new TextEncoder().encode("G"), []);
  // Who reads what the program writes must see that it has closed it.
  system.closeStreams();
  const { attend } = await import("./attend.ts");
  return attend({ system, connection, pid, handing });
}

/** What `attend` goes by. */
export interface Attended {
  readonly system: System;
  readonly connection: Connection;
  readonly pid: number;
  readonly handing: Handing;
}

/** What is asked of a server for who has this process id, but for the descriptors. Pure. */
export function requestFields(program: Program, pid: number): readonly string[] {
  const { kind, text, args, cwd, python, pythonOptions, variables } = program;
  const first = { script: [text], command: [text], module: ["-m"], code: ["-c"] }[kind];
  const typed = { script: [text], command: [text], module: ["-m", text], code: ["-c", text] }[kind];
  return [
    String(pid),
    cwd,
    kind,
    text,
    entryOf(kind, text, cwd),
    ...counted([...first, ...args]),
    ...counted([python, ...pythonOptions, ...typed, ...args]),
    ...counted(namedValues(variables)),
  ];
}

const requestFor = (program: Program, descriptors: readonly number[]): Uint8Array =>
  encodeRequest([...requestFields(program, process.pid), ...counted(descriptors.map(String))]);

import fs from "node:fs";
import os from "node:os";
import type { Running } from "../kernel/main.ts";
import { INTERRUPTIONS, type Interruption } from "../plugin-api/error.ts";
import { counted, encodeRequest } from "../plugin-api/launch/background.ts";
import { commandWord } from "../plugin-api/launch/command-word.ts";
import { DAEMON, UNFINISHED, WORD } from "../plugin-api/launch/daemon/words.ts";
import { rememberDescriptors } from "../plugin-api/launch/exec/descriptors.ts";
import { type Said, wantsColor, wordsOf } from "../plugin-api/launch/say.ts";
import { type Program, requestFields } from "../plugin-api/launch/zygote/ask.ts";
import { serverFolder } from "../plugin-api/launch/zygote/place.ts";
import type { Preset } from "../plugin-api/preset.ts";
import { type Becoming, standIn } from "../plugin-api/system/stand-in.ts";
import { isTerminal } from "../plugin-api/system/terminal.ts";
import { writeOut } from "../plugin-api/system/write-out.ts";
import { type Caller, closeAll, dropStreams, takeStreams } from "../plugins/daemon/native.ts";
import { bodyOf, type Request, readRequest } from "../plugins/daemon/request.ts";
import { differenceOf, type Surroundings, surroundingsOf } from "../plugins/daemon/surroundings.ts";
import type { Answer } from "./fast-renewal.ts";
import { forkOf, plainVariables, type Ready } from "./fast-start.ts";
import { openWhole } from "./open-whole.ts";
import { product } from "./product.ts";
import { interrupter, runCall, startOf } from "./run-call.ts";

/** What a daemon has for all that it runs. */
export interface Serving {
  readonly presets: Readonly<Record<string, Preset>>;
  readonly preset: string;
  /** Short ways of commands, by their first words, in the order in which they are tried. */
  readonly answers: readonly Readonly<Record<string, Answer>>[];
  readonly ready: Readonly<Record<string, Ready>>;
  /** First words of the commands that are run here in whole. */
  readonly served: ReadonlySet<string>;
  /** Of those who wait for the same terminal. */
  readonly socketName: string;
  readonly own: Surroundings;
}

/** The command ran and succeeded; it was left to the caller; or it ran and did not succeed. */
export type Outcome = "ran" | "declined" | "failed";

/** For what is on its way already. */
const HERE_MS = 500;
/** For somebody who has been told to go on, and who may have been stopped just then. */
const GO_MS = 10_000;

interface Asked extends Request {
  readonly umask: number;
  readonly descriptors: readonly number[];
}

/** Runs one command for a caller, or leaves it to him. */
export async function serveCall(caller: Caller, serving: Serving): Promise<Outcome> {
  const asked = readAsked(caller, serving);
  if (asked === undefined) {
    caller.close();
    return "declined";
  }
  const before = { ...process.env };
  try {
    if (!standWhere(asked)) return "declined";
    caller.send(Uint8Array.of(WORD.accepted));
    if (caller.receive(GO_MS)?.bytes[0] !== WORD.go) {
      caller.send(Uint8Array.of(WORD.left, 0));
      return "declined";
    }
    return await run(caller, asked, serving);
  } finally {
    for (const listener of process.listeners("exit")) process.off("exit", listener);
    dropStreams();
    caller.close();
    process.chdir("/");
    process.env = before;
  }
}

/** Undefined for who can't be served as he would serve himself. */
function readAsked(caller: Caller, { own }: Serving): Asked | undefined {
  let received = new Uint8Array();
  const descriptors: number[] = [];
  let body: Uint8Array | undefined;
  while (body === undefined) {
    const more = caller.receive(HERE_MS);
    if (more === undefined) break;
    received = Buffer.concat([received, more.bytes]);
    descriptors.push(...more.descriptors);
    body = bodyOf(received);
  }
  try {
    const request = body && readRequest(body);
    const theirs = surroundingsOf(caller.pid);
    const isOurs = caller.uid === os.userInfo().uid && request?.pid === caller.pid;
    if (isOurs && descriptors.length === 3 && differenceOf(own, theirs) === undefined)
      return { ...request, umask: theirs.umask, descriptors };
  } catch {
    // He has ended, or nothing of his may be read.
  }
  closeAll(descriptors);
  return undefined;
}

/** Has this process stand where the caller stands; false where his folder can't be entered. */
function standWhere({ descriptors, cwd, umask, env, argv }: Asked): boolean {
  takeStreams(descriptors);
  try {
    process.chdir(cwd);
  } catch {
    return false;
  }
  process.umask(umask);
  process.env = { ...env };
  process.argv = [...process.argv.slice(0, 2), ...argv];
  rememberDescriptors([]);
  return true;
}

async function run(caller: Caller, asked: Asked, serving: Serving): Promise<Outcome> {
  const { presets, preset, answers, served } = serving;
  const { argv, startedAtMs } = asked;
  const start = await startReady(asked, serving);
  if (start !== undefined) {
    caller.send(start);
    return "ran";
  }
  if (await isAnswered(asked, answers)) {
    caller.send(Uint8Array.of(WORD.ended, 0));
    return "ran";
  }
  if (!served.has(commandWord(argv, product.taking))) {
    caller.send(Uint8Array.of(WORD.left, 0));
    return "declined";
  }
  const controller = new AbortController();
  const running = await openWhole(startOf({ argv, presets, preset, startedAtMs }, controller.signal));
  if (!isServable(running, served)) {
    running.sessions.dispose();
    caller.send(Uint8Array.of(WORD.left, 0));
    return "declined";
  }
  const end = (...answer: [number, number]): never => {
    process.exitCode = 0;
    process.emit("exit", 0);
    caller.send(Uint8Array.of(...answer));
    process.exit(0);
  };
  const handed = Promise.withResolvers<Uint8Array>();
  standIn({
    end: () => end(WORD.left, 0),
    handBack(program) {
      handed.resolve(program ? becoming(program, asked) : Uint8Array.of(WORD.left, 0));
      return new Promise(() => {});
    },
  });
  const hearing = listen(
    caller.fd,
    interrupter(controller, (code) => end(WORD.ended, code)),
  );
  process.exitCode = UNFINISHED;
  const outcome = await Promise.race([runCall(running), handed.promise]);
  standIn(undefined);
  process.exitCode = 0;
  process.emit("exit", 0);
  dropStreams();
  caller.send(typeof outcome === "number" ? Uint8Array.of(WORD.ended, outcome) : outcome);
  await hearing.end(caller);
  if (typeof outcome === "number") return outcome === 0 ? "ran" : "failed";
  running.sessions.dispose();
  return "ran";
}

/** It was done in a short way, and that is said. */
async function isAnswered({ argv, cwd, startedAtMs }: Asked, answers: Serving["answers"]): Promise<boolean> {
  const [first = "", ...words] = argv;
  let said: Said | undefined;
  for (const { [first]: answer } of answers) said ??= await answer?.(words, { cwd, env: process.env, isServed: true });
  if (said === undefined) return false;
  if (said.plain === "") return true;
  const isColored = wantsColor(process.env) ?? isTerminal(1);
  writeOut(1, `${wordsOf(said, { isColored, tookMs: Date.now() - startedAtMs })}\n`);
  return true;
}

/** A program that the command became before; undefined where that is not sure. */
async function startReady(asked: Asked, { ready, socketName }: Serving): Promise<Uint8Array | undefined> {
  const [first = "", ...words] = asked.argv;
  const { env, cwd } = asked;
  const start = await ready[first]?.(words, { env, cwd });
  if (!start?.stamp.hasDaemon) return undefined;
  const forked = forkOf(start, { env, cwd });
  const folder = forked && serverFolder(forked, env);
  const server =
    folder === undefined ? [] : [`${folder}/${socketName}`, ...requestFields(forked as Program, asked.pid)];
  return becoming({ argv: start.argv, variables: plainVariables(start, { env, cwd }), cwd }, asked, server);
}

/**
 * A word, and behind their length in 4 bytes fields: folder, words, variables that are not as the caller has them, and a fork
 * server's socket and what to ask of it, if there is one to be asked first.
 */
function becoming({ argv, variables, cwd }: Becoming, { env }: Asked, server: readonly string[] = []): Uint8Array {
  const gone = Object.keys(env).filter((name) => variables[name] === undefined);
  const changed = Object.keys(variables).filter((name) => variables[name] !== env[name]);
  const changes = [...gone, ...changed.map((name) => `${name}=${variables[name]}`)];
  const [socket = "", ...request] = server;
  const fields = [cwd, ...counted(argv), ...counted(changes), socket, ...request];
  return Buffer.concat([Uint8Array.of(WORD.become), encodeRequest(fields)]);
}

/** Options of commands that ask the user all the time, start programs more than once, or tell how this very process starts them. */
const ONLY_HERE = ["interactive", "explain", "watch", "hotReload", "lazySuggest"];

/** Code of others may have changed since it was loaded, and a program whose output is told of is this process's child. */
function isServable({ setup, failure }: Running, served: Serving["served"]): boolean {
  const { assembly, settings, path, command, options, host } = setup;
  const { output } = host;
  return (
    failure === undefined &&
    command !== undefined &&
    // An option that only plugins of others have may have taken a word for its value.
    served.has(path.split(" ", 1)[0] ?? "") &&
    !(command.spec.isHosting === true && output.format !== "text") &&
    !ONLY_HERE.some((name) => (options[name] ?? settings.get(name)?.value) === true) &&
    settings.get(DAEMON)?.value === true &&
    assembly.plugins.every(({ origin }) => origin.startsWith("preset "))
  );
}

/** Hears which signals the caller is sent, and of his end as of one that asks to stop. */
function listen(fd: number, interrupt: (signal: Interruption) => void) {
  const signals = Object.keys(INTERRUPTIONS) as Interruption[];
  const bytes = Buffer.alloc(1);
  let isOver = false;
  const next = (): Promise<number> =>
    new Promise((resolve) => fs.read(fd, bytes, 0, 1, null, (error, length) => resolve(error ? 0 : length)));
  const hear = async (): Promise<void> => {
    for (;;) {
      const length = await next();
      if (isOver) return;
      if (length === 0) return interrupt("SIGTERM");
      const signal = signals.find((name) => os.constants.signals[name] === bytes[0]);
      if (signal !== undefined) interrupt(signal);
    }
  };
  const heard = hear();
  return {
    /** Whoever reads of a descriptor must have ended before its number is given to another. */
    async end(caller: Caller): Promise<void> {
      isOver = true;
      caller.shutDown();
      await heard;
    },
  };
}

import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { randomName } from "../../plugin-api/hash/native.ts";
import type { TemporaryFolder } from "../../plugin-api/system/temporary-folder.ts";
import type { Change } from "./gather.ts";
import { PLANNER } from "./planner.ts";

/** What the code in the program did about changes. */
export interface Answer {
  /** `none`: the program is as the files are. `broken`: a file can't be loaded, nothing was changed. */
  readonly action: "patch" | "reexec" | "restart" | "none" | "broken";
  /** Part of a sentence: why not the step before. */
  readonly reason: string;
  /** What was changed: `app.index`, … */
  readonly names: readonly string[];
  /** Of what is broken: file, line, message. */
  readonly evidence?: readonly string[];
  readonly durationMs: number;
}

/** The way to the code that PyBun has in the running program. */
export interface Link {
  /** For the program's process. */
  readonly env: Readonly<Record<string, string>>;
  /** The process that answers; `undefined` until it has come. */
  pid(): number | undefined;
  /** Never rejects: who does not answer is to be started again. */
  offer(changes: readonly Change[]): Promise<Answer>;
  close(): void;
}

const VARIABLE = "PYBUN_WATCH_SOCKET";
/** Longer paths are no socket's (unix(7)). */
const LONGEST_PATH = 100;
const ANSWER_MS = 3_000;

interface Message {
  readonly hello?: { readonly pid: number };
  readonly answer?: Answer;
}

/** Opens it. `undefined` where Python has no such sockets. */
export async function openLink(folder: TemporaryFolder): Promise<Link | undefined> {
  if (process.platform === "win32") return undefined;
  const { file, remove } = socketPath(folder.path());
  let socket: net.Socket | undefined;
  let pid: number | undefined;
  let pending: ((answer: Answer) => void) | undefined;
  const answer = (given: Answer): void => {
    pending?.(given);
    pending = undefined;
  };
  const take = ({ hello, answer: given }: Message): void => {
    if (hello) pid = hello.pid;
    if (given) answer(given);
  };
  // The first to come is the program; what it starts is not told where to come to.
  const server = net.createServer((client) => {
    if (socket !== undefined) return void client.destroy();
    socket = client;
    socket.write(`${JSON.stringify({ planner: PLANNER })}\n`);
    onLines(client, (line) => take(JSON.parse(line) as Message));
    client.on("error", () => client.destroy());
    client.on("close", () => {
      socket = undefined;
      pid = undefined;
      answer(restart("the program ended or closed the way to it"));
    });
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(file, resolve));
  return {
    env: { [VARIABLE]: file },
    pid: () => pid,
    offer(changes) {
      if (socket === undefined || pid === undefined)
        return Promise.resolve(restart("the program has no part of PyBun in it"));
      socket.write(`${JSON.stringify({ changes })}\n`);
      return new Promise((resolve) => {
        const late = setTimeout(
          () => answer(restart(`the program did not answer within ${ANSWER_MS / 1000}s`)),
          ANSWER_MS,
        );
        pending = (given) => {
          clearTimeout(late);
          resolve(given);
        };
      });
    },
    close() {
      server.close();
      socket?.destroy();
      remove();
    },
  };
}

/** An answer that asks for a new start. */
export const restart = (reason: string): Answer => ({ action: "restart", reason, names: [], durationMs: 0 });

function socketPath(temporary: string): { readonly file: string; readonly remove: () => void } {
  const usual = path.join(temporary, "s");
  if (usual.length <= LONGEST_PATH) return { file: usual, remove: () => fs.rmSync(usual, { force: true }) };
  const folder = path.join(os.tmpdir(), `pybun-${randomName(8)}`);
  fs.mkdirSync(folder, { mode: 0o700 });
  const remove = (): void => fs.rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  return { file: path.join(folder, "s"), remove };
}

function onLines(stream: net.Socket, take: (line: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (piece) => {
    const lines = (rest + String(piece)).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) take(line);
  });
}

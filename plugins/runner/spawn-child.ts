import { type ChildProcess, spawn } from "node:child_process";
import os from "node:os";
import type { Readable } from "node:stream";
import { Interrupted } from "../../plugin-api/error.ts";
import { limitFilesAsStarted } from "../../plugin-api/launch/exec/native.ts";
import type { Invocation, Outcome } from "../../plugin-api/stages.ts";
import { writeOut } from "../../plugin-api/system/write-out.ts";
import { cannotRun } from "./cannot-run.ts";

/** What is kept of each captured stream; the tail, because that is where the error is (SPEC OUT-06). */
const KEPT_BYTES = 1024 * 1024;
/** Time a child gets to end after a signal. */
const GRACE_MS = 5_000;

interface ChildOrder {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly invocation: Invocation;
  readonly signal: AbortSignal;
}

type Ended = Pick<Outcome, "exitCode" | "signal" | "stdout" | "stderr" | "isTruncated">;

/** Runs a child to its end, hands it the signals PyBun gets, and reports 128 + n for a death by signal n. */
export async function spawnChild({ argv, env, invocation, signal }: ChildOrder): Promise<Ended> {
  await limitFilesAsStarted();
  const [file = "", ...args] = argv;
  const { isCaptured, cwd } = invocation;
  const stdio = isCaptured ? (["inherit", "pipe", "pipe"] as const) : ("inherit" as const);
  const child = begin(file, () => spawn(file, args, { cwd, env, stdio: stdio as "inherit" }));
  const out = collect(child.stdout, listeners(invocation, "stdout"));
  const err = collect(child.stderr, listeners(invocation, "stderr"));
  const stop = (): void => {
    const got = signal.reason instanceof Interrupted ? signal.reason.signal : "SIGTERM";
    child.kill(got);
    // To some programs a hang-up says that they shall go on without a terminal.
    if (got !== "SIGHUP") setTimeout(() => child.kill("SIGKILL"), GRACE_MS).unref();
  };
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop, { once: true });
  return new Promise<Ended>((resolve, reject) => {
    child.once("error", (cause) => reject(cannotRun(file, cause)));
    child.once("close", (code, death) => {
      signal.removeEventListener("abort", stop);
      if (signal.aborted) return reject(signal.reason as Error);
      const exitCode = code ?? 128 + (death === null ? 0 : os.constants.signals[death]);
      const ended = { exitCode, ...(death !== null && { signal: death }) };
      const captured = {
        stdout: out.text(),
        stderr: err.text(),
        isTruncated: out.isTruncated() || err.isTruncated(),
      };
      resolve(isCaptured ? { ...ended, ...captured } : ended);
    });
  });
}

/** Some refusals are thrown at once, others come as an event. */
function begin(file: string, start: () => ChildProcess): ChildProcess {
  try {
    return start();
  } catch (error) {
    throw cannotRun(file, error as NodeJS.ErrnoException);
  }
}

type Listener = (piece: Buffer) => void;

const listeners = ({ isStreamed, onOutput }: Invocation, stream: "stdout" | "stderr"): readonly Listener[] => [
  ...(isStreamed ? [(piece: Buffer) => writeOut(2, piece.toString())] : []),
  ...(onOutput ? [(piece: Buffer) => onOutput(piece, stream)] : []),
];

function collect(stream: Readable | null, told: readonly Listener[]) {
  let chunks: Buffer[] = [];
  let length = 0;
  let dropped = 0;
  stream?.on("data", (chunk: Buffer) => {
    for (const tell of told) tell(chunk);
    chunks.push(chunk);
    length += chunk.length;
    if (length <= 2 * KEPT_BYTES) return;
    const all = Buffer.concat(chunks);
    dropped += all.length - KEPT_BYTES;
    chunks = [all.subarray(-KEPT_BYTES)];
    length = KEPT_BYTES;
  });
  const tail = (): Buffer => Buffer.concat(chunks).subarray(-KEPT_BYTES);
  return { text: () => tail().toString(), isTruncated: () => dropped > 0 || length > KEPT_BYTES };
}

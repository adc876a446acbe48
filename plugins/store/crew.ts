import os from "node:os";
import { Worker } from "node:worker_threads";
import { stays } from "../../plugin-api/system/afterwards.ts";
import { errorFrom, type IngestAnswer, type IngestRequest } from "./ingest-message.ts";
import { takeIn } from "./take-in.ts";
import type { Unpacked } from "./unpack.ts";

const MOST_THREADS = 8;
/** In the executable this module lies at the top, merged with others, and the thread's entry keeps its path. */
const isMerged = !import.meta.url.endsWith("/crew.ts");
const THREAD = new URL(isMerged ? "./plugins/store/ingest-worker.js" : "./ingest-worker.ts", import.meta.url);

interface Task {
  readonly request: IngestRequest;
  readonly resolve: (unpacked: Unpacked) => void;
  readonly reject: (error: unknown) => void;
}

/** By thread, whom it works for. */
const crews = new Map<Worker, Crew>();
/** Threads of a process that stays, until the next command: in a new one nothing is compiled. */
const waiting = new Set<Worker>();

/** How many threads wait for the next command. */
export const waitingThreads = (): number => waiting.size;

/**
 * Threads that take wheels in, so that inflating and hashing stall neither downloads nor each other. They start one by one
 * as work piles up and don't keep the process alive. Where none can be had, everything runs in the calling thread.
 */
export class Crew {
  readonly #most: number;
  readonly #threads = new Map<Worker, Task | undefined>();
  readonly #queue: Task[] = [];
  #canHire = true;

  constructor(most = Math.min(os.availableParallelism(), MOST_THREADS)) {
    this.#most = most;
  }

  /** Whether a thread is there that need not be started. */
  get isThere(): boolean {
    return this.#threads.size > 0 || waiting.size > 0;
  }

  run(request: IngestRequest): Promise<Unpacked> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ request, resolve, reject });
      this.#assign();
    });
  }

  dispose(): void {
    const threads = [...this.#threads];
    this.#threads.clear();
    for (const [thread, task] of threads) {
      crews.delete(thread);
      if (stays() && task === undefined) waiting.add(thread);
      else void thread.terminate();
    }
  }

  #assign(): void {
    while (this.#queue.length > 0) {
      const idle = [...this.#threads].find(([, task]) => task === undefined)?.[0];
      const thread = idle ?? this.#hire();
      if (thread === undefined && this.#threads.size > 0) return;
      const task = this.#queue.shift()!;
      if (thread === undefined) takeIn(task.request).then(task.resolve, task.reject);
      else this.#give(thread, task);
    }
  }

  #give(thread: Worker, task: Task): void {
    this.#threads.set(thread, task);
    thread.ref();
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin
    thread.postMessage(task.request);
  }

  #hire(): Worker | undefined {
    if (!this.#canHire || this.#threads.size >= this.#most) return undefined;
    const [thread = start()] = waiting;
    waiting.delete(thread);
    crews.set(thread, this);
    this.#threads.set(thread, undefined);
    return thread;
  }

  /** A thread has ended its task. */
  hear(thread: Worker, answer: IngestAnswer): void {
    const task = this.#threads.get(thread);
    this.#threads.set(thread, undefined);
    thread.unref();
    if ("failure" in answer) task?.reject(errorFrom(answer.failure));
    else task?.resolve(answer.unpacked);
    this.#assign();
  }

  /** It could not start, or ran out of memory: no more are hired, and its task is done by another or here. */
  lose(thread: Worker): void {
    if (!this.#threads.has(thread)) return;
    const task = this.#threads.get(thread);
    this.#threads.delete(thread);
    this.#canHire = false;
    if (task !== undefined) this.#queue.unshift(task);
    this.#assign();
  }
}

function start(): Worker {
  const thread = new Worker(THREAD);
  const lose = (): void => {
    waiting.delete(thread);
    crews.get(thread)?.lose(thread);
    crews.delete(thread);
  };
  thread.on("message", (answer: IngestAnswer) => crews.get(thread)?.hear(thread, answer));
  return thread.on("error", lose).on("exit", lose);
}

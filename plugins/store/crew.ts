import os from "node:os";
import { Worker } from "node:worker_threads";
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

  run(request: IngestRequest): Promise<Unpacked> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ request, resolve, reject });
      this.#assign();
    });
  }

  dispose(): void {
    const threads = [...this.#threads.keys()];
    this.#threads.clear();
    for (const thread of threads) void thread.terminate();
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
    const thread = new Worker(THREAD);
    this.#threads.set(thread, undefined);
    thread.on("message", (answer: IngestAnswer) => {
      const task = this.#threads.get(thread);
      this.#threads.set(thread, undefined);
      thread.unref();
      if ("failure" in answer) task?.reject(errorFrom(answer.failure));
      else task?.resolve(answer.unpacked);
      this.#assign();
    });
    thread.on("error", () => this.#lose(thread));
    thread.on("exit", () => this.#lose(thread));
    return thread;
  }

  /** It could not start, or ran out of memory: no more are hired, and its task is done by another or here. */
  #lose(thread: Worker): void {
    if (!this.#threads.has(thread)) return;
    const task = this.#threads.get(thread);
    this.#threads.delete(thread);
    this.#canHire = false;
    if (task !== undefined) this.#queue.unshift(task);
    this.#assign();
  }
}

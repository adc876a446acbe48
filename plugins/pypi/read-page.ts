import os from "node:os";
import { ordinaryPage } from "../../plugin-api/page/ordinary-page.ts";
import { openVersionPage } from "../../plugin-api/page/view.ts";
import { ahead } from "../../plugin-api/system/afterwards.ts";
import { type PageOrder, type PageRecord, pageRecord } from "./page-record.ts";

/** Smaller pages are read in the time that it takes to hand them over. */
const LEAST_BYTES = 8 * 1024;
/** With so much before it, a page is read sooner here. */
const MOST_WAITING_BYTES = 4 * 1024 * 1024;

/** In the executable this module lies at the top, merged with others, and the thread's entry keeps its path. */
const isMerged = !import.meta.url.endsWith("/read-page.ts");
const THREAD = new URL(isMerged ? "./plugins/pypi/page-thread.js" : "./page-thread.ts", import.meta.url);

interface Waiting extends PromiseWithResolvers<PageRecord | undefined> {
  readonly bytes: number;
}
interface Helper {
  readonly thread: Worker;
  /** In the order in which they are answered. */
  readonly waiting: Waiting[];
  bytes: number;
}

/** A second thread that reads pages. A new one has nothing compiled, and takes longer than it saves: it is for the commands after this one. */
let helper: Helper | undefined;
let isHired = false;

/**
 * Makes a page's record: here where it is an ordinary one, any other in a second thread where one waits. That takes the body over, which
 * then is empty here. Undefined when it was lost with the thread.
 */
export function readPage(order: PageOrder): PageRecord | Promise<PageRecord | undefined> {
  const { body } = order;
  const value = ordinaryPage(order);
  if (value) return { value, status: openVersionPage(value).status };
  if (body.length < LEAST_BYTES) return pageRecord(order);
  ahead(hireHelper);
  if (helper === undefined || helper.bytes > MOST_WAITING_BYTES) return pageRecord(order);
  const { thread, waiting } = helper;
  const one: Waiting = { ...Promise.withResolvers<PageRecord | undefined>(), bytes: body.length };
  helper.bytes += one.bytes;
  waiting.push(one);
  setAwake(thread, true);
  const isAlone = body.byteLength === body.buffer.byteLength;
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin
  thread.postMessage(order, isAlone ? [body.buffer as ArrayBuffer] : []);
  return one.promise;
}

function hireHelper(): void {
  if (isHired || os.availableParallelism() < 2) return;
  isHired = true;
  const thread = new Worker(THREAD.href);
  const own: Helper = { thread, waiting: [], bytes: 0 };
  setAwake(thread, false);
  thread.addEventListener("message", ({ data }: MessageEvent<PageRecord | "ready">) => {
    if (data === "ready") helper = own;
    else answered(own)?.resolve(data);
  });
  const lose = (): void => {
    if (helper === own) helper = undefined;
    while (own.waiting.length > 0) answered(own)?.resolve(undefined);
  };
  thread.addEventListener("error", (event) => {
    event.preventDefault();
    lose();
    thread.terminate();
  });
  thread.addEventListener("close", lose);
}

function answered(own: Helper): Waiting | undefined {
  const first = own.waiting.shift();
  own.bytes -= first?.bytes ?? 0;
  if (own.waiting.length === 0) setAwake(own.thread, false);
  return first;
}

/** Whether it keeps the process alive. */
function setAwake(thread: Worker, isAwake: boolean): void {
  const { ref, unref } = thread as unknown as { ref(): void; unref(): void };
  (isAwake ? ref : unref).call(thread);
}

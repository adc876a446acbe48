// Entry point of a thread: reads pages beside the one that has started it, in the order in which they come.
import { type PageOrder, pageRecord } from "./page-record.ts";

declare const self: Worker;

self.addEventListener("message", ({ data }: MessageEvent<PageOrder>) => {
  const record = pageRecord(data);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin
  self.postMessage(record, "value" in record ? [record.value.buffer as ArrayBuffer] : []);
});
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin
self.postMessage("ready");

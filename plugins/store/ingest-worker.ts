// Entry point of a thread: takes wheels in, one at a time.
import { parentPort } from "node:worker_threads";
import { failureOf, type IngestAnswer, type IngestRequest } from "./ingest-message.ts";
import { takeIn } from "./take-in.ts";

const answer = async (request: IngestRequest): Promise<IngestAnswer> => {
  try {
    return { unpacked: await takeIn(request) };
  } catch (error) {
    return { failure: failureOf(error) };
  }
};

parentPort?.on("message", (request: IngestRequest) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin
  void answer(request).then((message) => parentPort?.postMessage(message));
});

import fs from "node:fs";
import http, { type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { type Answer, type Fault, faultList, faultyAnswer, sendWith } from "./fault.ts";
import { rangeOf } from "./index-server.ts";

/** A folder behind a plain web server, as a static mirror is. */
export interface FolderServer {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Paths that were asked for, in order; those of ranges with ` START-`. */
  readonly requests: readonly string[];
  /** Requests whose path contains the text. */
  count(text: string): number;
  fail(fault: Fault): void;
  stop(): Promise<void>;
}

/** Serves what is in the folder when it is asked for, until it is stopped. */
export async function serveFolder(folder: string): Promise<FolderServer> {
  const requests: string[] = [];
  const faults = faultList([]);
  const server = http.createServer((request, response) => {
    const name = decodeURIComponent((request.url ?? "/").split("?", 1)[0] as string);
    const answer = answerFor(path.join(folder, name), request);
    const start = /^bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1];
    requests.push(start === undefined ? name : `${name} ${start}-`);
    const fault = faults.take(name);
    void sendWith(fault, fault === undefined ? answer : faultyAnswer(fault, answer, ""), { request, response });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    count: (text) => requests.filter((each) => each.includes(text)).length,
    fail: (fault) => faults.add(fault),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answerFor(file: string, request: IncomingMessage): Answer {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (!stat?.isFile()) return { status: 404, headers: {}, body: Buffer.from("not found\n") };
  const body = fs.readFileSync(file);
  const headers = { "content-type": "application/octet-stream", etag: `"${stat.size}-${stat.mtimeMs}"` };
  const range = rangeOf(request.headers.range, body.length);
  if (range === undefined) return { status: 200, headers, body };
  const [start, end] = range;
  const contentRange = `bytes ${start}-${end}/${body.length}`;
  return {
    status: 206,
    headers: { ...headers, "content-range": contentRange },
    body: body.subarray(start, end + 1),
  };
}

import { createHash } from "node:crypto";
import fs from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { pipeline } from "node:stream";
import { gzipSync } from "node:zlib";
import { rangeOf } from "../harness/index-server.ts";
import { identityOf, type PullThrough, pullThrough } from "./pull-through.ts";
import type { UpstreamFile } from "./upstream.ts";
import { upstreamIndex } from "./upstream-index.ts";

// `bun test/bench/mirror.ts FOLDER DELAY_MS`: a good index (JSON pages, `.metadata`, validators, ranges, TLS) in front of
// the configured one, so that two tools meet the same server, and one that hides no strength of either.

const [folder = "", delay = "0"] = process.argv.slice(2);
const delayMs = Number(delay);
const source: PullThrough = pullThrough(upstreamIndex(), folder);
const pages = new Map<string, { readonly plain: Buffer; readonly packed: Buffer; readonly etag: string }>();

/**
 * The same index in other places: below `/stale/` each page is to be looked at again before it is used, and below
 * `/slow/20/` each answer takes 20 ms.
 */
const VARIANT = /^\/(?:(stale)|slow\/(\d+))(?=\/)/;

/** Bytes of a file, first and last. */
interface Part {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | Part;
}

/** What is larger goes out piece by piece: whoever asks for something else meanwhile is not kept waiting. */
const LARGE = 8 << 20;

const server = https.createServer(
  { key: fs.readFileSync(path.join(folder, "key.pem")), cert: fs.readFileSync(path.join(folder, "cert.pem")) },
  (request, response) => void answer(request, response),
);
server.listen(0, "127.0.0.1", () => {
  console.log(`https://127.0.0.1:${(server.address() as AddressInfo).port}/simple/`);
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [variant = "", isStale, ownDelay] = VARIANT.exec(request.url ?? "") ?? [];
  request.url = request.url?.slice(variant.length);
  const waitMs = Math.max(delayMs, Number(ownDelay ?? 0));
  if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
  let reply: Reply;
  try {
    reply = isStale === undefined ? await route(request) : stale(await route(request));
  } catch (error) {
    console.error(`mirror: ${request.url}: ${String(error)}`);
    reply = { status: 502 };
  }
  const body = reply.body ?? Buffer.alloc(0);
  const size = Buffer.isBuffer(body) ? body.length : body.end + 1 - body.start;
  const length = reply.status === 304 ? {} : { "content-length": String(size) };
  response.writeHead(reply.status, { ...reply.headers, ...length });
  if (request.method === "HEAD" || reply.status === 304) response.end();
  else if (Buffer.isBuffer(body)) response.end(body);
  else pipeline(fs.createReadStream(body.file, { ...body, highWaterMark: 1 << 20 }), response, () => {});
}

async function route(request: IncomingMessage): Promise<Reply> {
  const words = decodeURIComponent(request.url ?? "").split("/");
  if (words[1] === "simple" && words.length === 4 && words[3] === "") return page(words[2] ?? "", request);
  if (words[1] === "files" && words.length === 5) return file(words[2] ?? "", words[3] ?? "", request);
  return { status: 404 };
}

async function page(name: string, request: IncomingMessage): Promise<Reply> {
  let made = pages.get(name);
  if (made === undefined) {
    const files = await source.files(name);
    if (files === undefined) return { status: 404 };
    const plain = Buffer.from(JSON.stringify(document(name, files)));
    const etag = `"${createHash("sha256").update(plain).digest("hex").slice(0, 20)}"`;
    made = { plain, packed: gzipSync(plain), etag };
    pages.set(name, made);
  }
  const headers = {
    "content-type": "application/vnd.pypi.simple.v1+json",
    "cache-control": "max-age=600, public",
    vary: "Accept, Accept-Encoding",
    etag: made.etag,
  };
  if (request.headers["if-none-match"] === made.etag) return { status: 304, headers };
  const acceptsGzip = /\bgzip\b/.test(request.headers["accept-encoding"] ?? "");
  return acceptsGzip
    ? { status: 200, headers: { ...headers, "content-encoding": "gzip" }, body: made.packed }
    : { status: 200, headers, body: made.plain };
}

const stale = ({ headers, ...reply }: Reply): Reply => ({
  ...reply,
  headers: { ...headers, "cache-control": headers?.["cache-control"]?.replace(/max-age=600/, "max-age=0") ?? "" },
});

const document = (name: string, files: readonly UpstreamFile[]): object => ({
  meta: { "api-version": "1.1" },
  name,
  files: files.map((file) => ({
    filename: file.filename,
    url: `../../files/${name}/${identityOf(file)}/${encodeURIComponent(file.filename)}`,
    hashes: file.sha256 === undefined ? {} : { sha256: file.sha256 },
    ...(file.size === undefined ? {} : { size: file.size }),
    ...(file.requiresPython === undefined ? {} : { "requires-python": file.requiresPython }),
    ...(file.uploadTime === undefined ? {} : { "upload-time": file.uploadTime }),
    yanked: file.yanked ?? false,
    "core-metadata": file.filename.endsWith(".whl"),
  })),
});

async function file(name: string, identity: string, request: IncomingMessage): Promise<Reply> {
  const isMetadata = request.url?.endsWith(".metadata") === true;
  const found = isMetadata ? await source.metadata(name, identity) : await source.content(name, identity);
  if (found === undefined) return { status: 404 };
  const headers = {
    "content-type": "application/octet-stream",
    "cache-control": "max-age=365000000, immutable, public",
    "accept-ranges": "bytes",
    etag: `"${identity}"`,
  };
  const size = typeof found === "string" ? fs.statSync(found).size : found.length;
  const range = rangeOf(request.headers.range, size);
  const [start, end] = range ?? [0, size - 1];
  const body = partOf(found, start, end);
  if (range === undefined) return { status: 200, headers, body };
  return { status: 206, headers: { ...headers, "content-range": `bytes ${start}-${end}/${size}` }, body };
}

function partOf(found: Buffer | string, start: number, end: number): Buffer | Part {
  if (typeof found !== "string") return found.subarray(start, end + 1);
  if (end - start >= LARGE) return { file: found, start, end };
  const bytes = Buffer.alloc(end + 1 - start);
  const file = fs.openSync(found, "r");
  fs.readSync(file, bytes, 0, bytes.length, start);
  fs.closeSync(file);
  return bytes;
}

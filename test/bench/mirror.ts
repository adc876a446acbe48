import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
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

interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | Blob;
}

// The same by HTTP/1.1 alone, as many indexes of companies speak, and by HTTP/2, as the public one does.
for (const http2 of [false, true]) {
  const { port } = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    tls: { key: fs.readFileSync(path.join(folder, "key.pem")), cert: fs.readFileSync(path.join(folder, "cert.pem")) },
    http2,
    idleTimeout: 120,
    fetch: answer,
  });
  console.log(`https://127.0.0.1:${port}/simple/`);
}

/** Answers to what is asked for thousands of times in a run and is the same for everybody: to serve is not what is measured. */
const ready = new Map<string, { readonly body: Buffer; readonly headers: Headers }>();

function answer(request: Request): Response | Promise<Response> {
  const { url } = request;
  const place = url.slice(url.indexOf("/", "https://".length));
  const [variant = "", isStale, ownDelay] = VARIANT.exec(place) ?? [];
  const waitMs = Math.max(delayMs, Number(ownDelay ?? 0));
  const bare = place.slice(variant.length);
  const respond = (): Response | Promise<Response> => {
    const known = ready.get(bare);
    return known ? new Response(known.body, known) : made(bare, request, isStale !== undefined);
  };
  return waitMs > 0 ? new Promise((resolve) => setTimeout(() => resolve(respond()), waitMs)) : respond();
}

async function made(place: string, request: Request, isStale: boolean): Promise<Response> {
  let reply: Reply;
  try {
    const found = await route(place, request);
    reply = isStale ? stale(found) : found;
  } catch (error) {
    console.error(`mirror: ${place}: ${String(error)}`);
    reply = { status: 502 };
  }
  const headers = new Headers({ ...reply.headers });
  if (place.endsWith(".metadata") && reply.status === 200) ready.set(place, { body: reply.body as Buffer, headers });
  return new Response(reply.body ?? null, { status: reply.status, headers });
}

async function route(place: string, request: Request): Promise<Reply> {
  const words = decodeURIComponent(place).split("/");
  if (words[1] === "simple" && words.length === 4 && words[3] === "") return page(words[2] ?? "", request);
  if (words[1] === "files" && words.length === 5) return file(words as unknown as Place, request);
  return { status: 404 };
}

async function page(name: string, request: Request): Promise<Reply> {
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
  if (request.headers.get("if-none-match") === made.etag) return { status: 304, headers };
  const acceptsGzip = /\bgzip\b/.test(request.headers.get("accept-encoding") ?? "");
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

type Place = readonly [root: string, kind: string, name: string, identity: string, filename: string];

async function file([, , name, identity, filename]: Place, request: Request): Promise<Reply> {
  const isMetadata = filename.endsWith(".metadata");
  const found = isMetadata ? await source.metadata(name, identity) : await source.content(name, identity);
  if (found === undefined) return { status: 404 };
  const headers = {
    "content-type": "application/octet-stream",
    "cache-control": "max-age=365000000, immutable, public",
    "accept-ranges": "bytes",
    etag: `"${identity}"`,
  };
  const [content, size] =
    typeof found === "string" ? [Bun.file(found), fs.statSync(found).size] : [found, found.length];
  const range = rangeOf(request.headers.get("range") ?? undefined, size);
  if (range === undefined) return { status: 200, headers, body: content };
  const [start, end] = range;
  const body = content instanceof Blob ? content.slice(start, end + 1) : content.subarray(start, end + 1);
  return { status: 206, headers: { ...headers, "content-range": `bytes ${start}-${end}/${size}` }, body };
}

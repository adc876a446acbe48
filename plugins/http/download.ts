import { createHash, type Hash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import { parseSha256, type Sha256 } from "../../plugin-api/model/digest.ts";
import type { DownloadOptions } from "../../plugin-api/services.ts";
import { letGo } from "../../plugin-api/system/let-go.ts";
import { writeAll } from "../../plugin-api/system/write-all.ts";
import { AttemptFailed } from "./failure.ts";
import { contentRange } from "./range.ts";
import { type Ask, type Reply, tooLarge } from "./transport.ts";

/** Compressed size that no file may exceed (SPEC LIM-01). */
const MAX_BYTES = 2 * 1024 ** 3;

/** How a download sends: once, and again with pauses as long as `AttemptFailed` may pass. */
export interface DownloadContext {
  readonly send: (ask: Ask) => Promise<Reply>;
  readonly retry: <T>(url: string, attempt: () => Promise<T>) => Promise<T>;
}

/** What has arrived so far; an attempt that fails leaves it for the next one to go on from. */
interface Progress {
  readonly fd: number;
  /** Absolute. */
  readonly file: string;
  received: number;
  hash: Hash;
  /** ETag or date that makes it safe to ask for the rest. */
  validator: string | undefined;
  total: number | undefined;
  isResumed: boolean;
}

/** Streams a URL to a new file, hashing on the way. The file is removed when anything fails. */
export async function download(
  target: { readonly url: string; readonly path: string; readonly options: DownloadOptions },
  context: DownloadContext,
): Promise<{ readonly sha256: Sha256; readonly sizeBytes: number }> {
  const fd = fs.openSync(target.path, "wx");
  const progress: Progress = {
    fd,
    file: target.path,
    received: 0,
    hash: createHash("sha256"),
    validator: undefined,
    total: undefined,
    isResumed: false,
  };
  let isWhole = false;
  try {
    const sha256 = await context.retry(target.url, () => attempt(target, progress, context));
    isWhole = true;
    return { sha256, sizeBytes: progress.received };
  } finally {
    fs.closeSync(fd);
    if (!isWhole) fs.rmSync(target.path, { force: true });
  }
}

async function attempt(
  { url, options }: { readonly url: string; readonly options: DownloadOptions },
  progress: Progress,
  { send }: DownloadContext,
): Promise<Sha256> {
  const isResumable = progress.received > 0 && (progress.validator ?? options.sha256) !== undefined;
  const rest = {
    range: `bytes=${progress.received}-`,
    ...(progress.validator !== undefined && { "if-range": progress.validator }),
  };
  const reply = await send({
    url,
    headers: { accept: "*/*", "accept-encoding": "identity", ...(isResumable && rest) },
  });
  if (reply.status === 200) startOver(progress, reply);
  else if (reply.status === 206 && isResumable) goOn(progress, reply);
  else refuse(progress, reply);
  await receive({ url, options, reply }, progress);
  const sha256 = parseSha256(progress.hash.digest("hex")) as Sha256;
  if (options.sha256 === undefined || sha256 === options.sha256) return sha256;
  if (!progress.isResumed) throw mismatch(url, options.sha256, sha256);
  // The two parts may be of two files; the whole in one piece decides.
  reset(progress);
  throw new AttemptFailed({ kind: "body", reason: "the parts of a resumed download do not fit", mayPass: true });
}

function startOver(progress: Progress, { headers }: Reply): void {
  reset(progress);
  const etag = headers["etag"];
  progress.validator = etag?.startsWith("W/") ? undefined : (etag ?? headers["last-modified"]);
  const length = headers["content-length"];
  progress.total = length === undefined ? undefined : Number(length);
}

function reset(progress: Progress): void {
  fs.ftruncateSync(progress.fd, 0);
  Object.assign(progress, { received: 0, hash: createHash("sha256"), validator: undefined, isResumed: false });
}

/** The rest must begin where the first part ended, and be of a file of the same size. */
function goOn(progress: Progress, reply: Reply): void {
  const range = contentRange(reply.headers["content-range"]);
  const fits =
    range?.start === progress.received &&
    (progress.total ?? range.total) === range.total &&
    range.end === range.total - 1;
  if (fits) {
    progress.isResumed = true;
    return;
  }
  reply.discard();
  reset(progress);
  throw new AttemptFailed({ kind: "body", reason: "it answered with another part than asked for", mayPass: true });
}

function refuse(progress: Progress, reply: Reply): never {
  reply.discard();
  const { status } = reply;
  const isRangeRefused = status === 416 && progress.received > 0;
  if (isRangeRefused) reset(progress);
  throw new AttemptFailed({ kind: "status", reason: `status ${status}`, status, mayPass: isRangeRefused });
}

async function receive(
  { url, options, reply }: { readonly url: string; readonly options: DownloadOptions; readonly reply: Reply },
  progress: Progress,
): Promise<void> {
  const maxBytes = Math.min(options.maxBytes ?? MAX_BYTES, options.sizeBytes ?? Number.POSITIVE_INFINITY);
  if ((progress.total ?? 0) > maxBytes) {
    reply.discard();
    throw tooLarge(url, maxBytes);
  }
  for await (const piece of reply.pieces()) {
    if (progress.received + piece.length > maxBytes) throw tooLarge(url, maxBytes);
    writeAll(progress.fd, piece, { file: progress.file, position: progress.received });
    progress.received += piece.length;
    progress.hash.update(piece);
    letGo(piece);
    options.onBytes?.(progress.received, progress.total);
  }
}

function mismatch(url: string, expected: Sha256, got: Sha256): PybunError {
  const { host, pathname } = new URL(url);
  const file = path.posix.basename(pathname);
  return new PybunError("E_HASH_MISMATCH", `\`${file}\` from ${host} is not the file that was announced`, {
    evidence: [`expected  ${expected}`, `got       ${got}`, "the file was deleted"],
    context: { url, file, expected, got },
  });
}

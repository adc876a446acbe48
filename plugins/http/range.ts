import type { RangeAnswer } from "../../plugin-api/services.ts";
import { AttemptFailed } from "./failure.ts";
import type { Ask, Reply } from "./transport.ts";

/** `Content-Range` of a single part with a known size (RFC 9110, section 14.4). */
export function contentRange(
  header: string | undefined,
): { readonly start: number; readonly end: number; readonly total: number } | undefined {
  const match = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(header ?? "");
  if (!match) return undefined;
  const [start, end, total] = match.slice(1).map(Number) as [number, number, number];
  return start <= end && end < total ? { start, end, total } : undefined;
}

/** A part of a file to ask for: both ends inclusive, or the last `-start` bytes. */
export interface Part {
  readonly start: number;
  readonly end?: number;
}

/** The header for a part. Compressed ranges would be ranges of something else, hence the encoding. */
export const rangeHeaders = ({ start, end }: Part): Ask["headers"] => ({
  accept: "*/*",
  "accept-encoding": "identity",
  range: start < 0 ? `bytes=${start}` : `bytes=${start}-${end ?? ""}`,
});

/** The part, if it is the one that was asked for; undefined from a server that ignores ranges or gets them wrong. Throws `AttemptFailed`. */
export async function readPart(reply: Reply, part: Part): Promise<RangeAnswer | undefined> {
  if (reply.status === 404 || reply.status === 410) {
    reply.discard();
    const { status } = reply;
    throw new AttemptFailed({ kind: "status", reason: `status ${status}`, status, mayPass: false });
  }
  const range = contentRange(reply.headers["content-range"]);
  const isWhole = reply.status !== 206 || !range || (reply.headers["content-encoding"] ?? "identity") !== "identity";
  if (isWhole || !isAsked(range, part)) {
    reply.discard();
    return undefined;
  }
  const length = range.end - range.start + 1;
  const bytes = await reply.bytes(length);
  return bytes.length === length ? { bytes, totalBytes: range.total, offset: range.start } : undefined;
}

function isAsked({ start, end, total }: { start: number; end: number; total: number }, part: Part): boolean {
  if (part.start < 0) return start === Math.max(0, total + part.start) && end === total - 1;
  return start === part.start && end === Math.min(part.end ?? total - 1, total - 1);
}

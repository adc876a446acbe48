import type { IngestRequest } from "./ingest-message.ts";
import { publish } from "./publish.ts";
import { type Unpacked, unpack } from "./unpack.ts";

/** One of the two halves of taking a wheel in; between them lies the sync. Runs in whichever thread it is called. */
export async function takeIn(request: IngestRequest): Promise<Unpacked> {
  if (request.kind === "unpack") return unpack(request.job);
  publish(request.job, request.unpacked);
  return request.unpacked;
}

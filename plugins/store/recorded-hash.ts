import type { RecordedFile } from "../../plugin-api/archive/wheel-record.ts";

/** The end of a RECORD line: `sha256=…,123`; a signature of RECORD has a size only. */
export function hashAndSize(recorded: RecordedFile | undefined, sizeBytes: number): string {
  const hash = recorded?.hash;
  const text = hash === undefined ? "" : `${hash.algorithm}=${Buffer.from(hash.hex, "hex").toString("base64url")}`;
  return `${text},${sizeBytes}`;
}

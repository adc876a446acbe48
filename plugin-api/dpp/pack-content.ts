import zlib from "node:zlib";
import { blake3 } from "../blake3/blake3.ts";
import type { DppFile } from "./parts.ts";

/** A content as a DPP keeps it: raw deflate where that is smaller. */
export function packContent(content: Uint8Array): Pick<DppFile, "codec" | "sizeBytes" | "blake3" | "stored"> {
  const deflated = zlib.deflateRawSync(content, { level: 9 });
  const isSmaller = deflated.length < content.length;
  return {
    codec: isSmaller ? "deflate" : "stored",
    sizeBytes: content.length,
    blake3: blake3(content),
    stored: isSmaller ? deflated : content,
  };
}

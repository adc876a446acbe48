import { sha256Base64 } from "../../plugin-api/hash/native.ts";

/** What RECORD says of a file: `sha256=…,123` (PEP 376, 427). */
export const hashAndSize = (content: string | Uint8Array): string =>
  `sha256=${sha256Base64(content)},${Buffer.byteLength(content)}`;

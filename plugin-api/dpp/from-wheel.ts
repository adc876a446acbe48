import crypto from "node:crypto";
import { bytesSource } from "../archive/byte-source.ts";
import { checkContent, openWheel } from "../archive/wheel.ts";
import { collectParts } from "./collect.ts";
import { packContent } from "./pack-content.ts";
import type { DppParts } from "./parts.ts";

/**
 * What a wheel holds, as parts of a DPP. The wheel is judged as for an install, and every file checked against RECORD; entries of
 * folders are left out. Throws `E_ARCHIVE_UNSAFE`, `E_LIMIT`, `E_HASH_MISMATCH`.
 */
export function readWheelParts(bytes: Uint8Array, filename: string): DppParts {
  const wheel = openWheel(bytesSource(bytes), { filename });
  const collector = collectParts(wheel);
  for (const file of wheel.files) {
    const content = wheel.archive.read(file.entry);
    const check = checkContent(wheel, file);
    check.update(content);
    check.finish();
    collector.add(file, packContent(content), () => bytesSource(content));
  }
  return collector.finish({ sizeBytes: bytes.length, sha256: crypto.createHash("sha256").update(bytes).digest() });
}

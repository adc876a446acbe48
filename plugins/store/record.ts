import fs from "node:fs";
import path from "node:path";
import { blake3Hex } from "../../plugin-api/blake3/blake3.ts";
import { type DppTables, openTables } from "../../plugin-api/dpp/tables.ts";
import type { KeptEntry } from "../../plugin-api/store-upkeep.ts";
import { RECORD } from "./places.ts";

/**
 * The record of the entry in a folder, its header and sections checked and no more. Throws `E_FORMAT_MAGIC`, `E_FORMAT_VERSION`,
 * `E_FORMAT_BOUNDS`, and system errors.
 */
export function openRecord(folder: string): DppTables {
  const file = path.join(folder, RECORD);
  return openTables(fs.readFileSync(file), file);
}

/** The same where the record is the one that the entry is named for, which covers its every byte; else undefined. */
export function trustedRecord({ path: folder, id }: Pick<KeptEntry, "path" | "id">): DppTables | undefined {
  const file = path.join(folder, RECORD);
  try {
    const bytes = fs.readFileSync(file);
    return blake3Hex(bytes) === id ? openTables(bytes, file) : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

import fs from "node:fs";
import path from "node:path";
import { fileSource } from "../../plugin-api/archive/byte-source.ts";
import { openWheel } from "../../plugin-api/archive/wheel.ts";
import type { StoreEntry } from "../../plugin-api/model/environment.ts";
import { parseMetadata } from "../../plugin-api/page/metadata-table.ts";
import type { CoreMetadata } from "../../plugin-api/python/core-metadata.ts";
import type { Store } from "../../plugin-api/services.ts";

/** The metadata of a wheel on this machine, read in place. Throws `E_ARCHIVE_UNSAFE`, `E_LIMIT`, `E_METADATA`. */
export function metadataOfWheel(file: string): CoreMetadata {
  const filename = path.basename(file);
  const fd = fs.openSync(file, "r");
  try {
    const { archive, folders } = openWheel(fileSource(fd), { filename });
    const entry = archive.find(`${folders.info}/METADATA`);
    return parseMetadata(entry === undefined ? "" : archive.read(entry), filename);
  } finally {
    fs.closeSync(fd);
  }
}

/** The same of a wheel that is in the store. */
export function metadataOfEntry(entry: StoreEntry, store: Store): CoreMetadata {
  const { infoDir } = store.layout(entry);
  return parseMetadata(fs.readFileSync(path.join(entry.path, "tree", infoDir, "METADATA")), entry.filename);
}

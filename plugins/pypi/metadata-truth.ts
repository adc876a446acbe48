import fs from "node:fs";
import path from "node:path";
import { warning } from "../../plugin-api/diagnostic.ts";
import type { StoreEntry } from "../../plugin-api/model/environment.ts";
import type { Pin } from "../../plugin-api/model/resolution.ts";
import { Store } from "../../plugin-api/services.ts";
import { recordKey } from "./file-identity.ts";
import { readOwnMetadata } from "./identity-check.ts";
import { encodeMetadata } from "./metadata-record.ts";
import type { IndexState } from "./state.ts";

/**
 * Compares what an index said of a wheel's requirements with what the wheel says, once it is here. Where they differ, what
 * was resolved may lack something: that is told, and the wheel's word is kept in place of the index's. Throws `E_METADATA`.
 */
export async function checkMetadata(
  release: Pick<Pin, "name" | "version" | "file">,
  entry: StoreEntry,
  state: IndexState,
): Promise<void> {
  const { name, version, file } = release;
  const key = recordKey("metadata", file);
  const record = state.records.find(key);
  if (!record) return;
  const { infoDir } = (await state.session.use(Store)).layout(entry);
  const text = fs.readFileSync(path.join(entry.path, "tree", infoDir, "METADATA"));
  const value = encodeMetadata(readOwnMetadata(text, release));
  if (Buffer.compare(record.value, value) === 0) return;
  state.records.put({ key, note: "", value, checkedAtS: state.nowS(), freshUntilS: record.freshUntilS });
  const message = `the index says something else of what \`${name} ${version}\` requires than the wheel does`;
  const diagnostic = warning("W_METADATA_DIFFERS", message, {
    hints: ["run the command again with `--refresh`: the wheel's own word is used from now on"],
    context: { package: name, version, file: file.filename },
  });
  state.session.emit({ type: "Diagnostic", diagnostic });
}

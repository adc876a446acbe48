import fs from "node:fs";
import path from "node:path";
import { warning } from "../../plugin-api/diagnostic.ts";
import type { StoreEntry } from "../../plugin-api/model/environment.ts";
import type { Pin } from "../../plugin-api/model/resolution.ts";
import { Store } from "../../plugin-api/services.ts";
import { recordKey } from "./file-identity.ts";
import { readOwnMetadata } from "./identity-check.ts";
import { encodeMetadata } from "./metadata-record.ts";
import { pageKey } from "./pages.ts";
import type { IndexState } from "./state.ts";

/**
 * Compares what an index said of a wheel's requirements with what the wheel says, once it is here. Where they differ, what
 * was resolved may lack something: that is told, the wheel's word is kept in place of the index's, and what was resolved
 * before counts as made from another page. Throws `E_METADATA`.
 */
export async function checkMetadata(pin: Pin, entry: StoreEntry, state: IndexState): Promise<void> {
  const { name, version, file } = pin;
  const key = recordKey("metadata", file);
  const record = state.records.find(key);
  if (!record) return;
  const { infoDir } = (await state.session.use(Store)).layout(entry);
  const text = fs.readFileSync(path.join(entry.path, "tree", infoDir, "METADATA"));
  const value = encodeMetadata(readOwnMetadata(text, pin));
  if (Buffer.compare(record.value, value) === 0) return;
  state.records.put({ key, note: "", value, checkedAtS: state.nowS(), freshUntilS: record.freshUntilS });
  markPage(pin, state);
  // The process may become another program before anything else is kept.
  await state.records.flush(state.session.signal);
  const message = `the index says something else of what \`${name} ${version}\` requires than the wheel does`;
  const diagnostic = warning("W_METADATA_DIFFERS", message, {
    hints: [
      "run the command again with `--refresh`: the wheel's own word is used from now on",
      `where a lock has it: \`pybun lock -P ${name}\``,
    ],
    context: { package: name, version, file: file.filename },
  });
  state.session.emit({ type: "Diagnostic", diagnostic });
}

/** Notes the correction on the page, whose note tells it from any other; the status stays its last line. */
function markPage({ name, source, file }: Pin, state: IndexState): void {
  const index = state.indexes.find((each) => source.kind === "index" && each.name === source.index);
  const key = index && pageKey(index, name);
  const page = key === undefined ? undefined : state.records.find(key);
  if (!page || key === undefined) return;
  const lines = page.note.split("\n");
  lines.splice(-1, 0, `corrected ${file.filename}`);
  state.records.put({ ...page, key, note: lines.join("\n") });
}

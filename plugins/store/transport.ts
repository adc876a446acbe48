import fs from "node:fs";
import path from "node:path";
import { packContent } from "../../plugin-api/dpp/pack-content.ts";
import type { DppBytecode, DppFile, DppParts } from "../../plugin-api/dpp/parts.ts";
import { placeInTree } from "../../plugin-api/dpp/tree-place.ts";
import { PybunError } from "../../plugin-api/error.ts";
import { sha256Of } from "../../plugin-api/hash/native.ts";
import type { KeptEntry } from "../../plugin-api/store-upkeep.ts";
import { listedBytecode } from "./check-bytecode.ts";
import { TREE } from "./places.ts";
import { trustedRecord } from "./record.ts";

/** See `StoreUpkeep.parts`. */
export function transportParts(entry: KeptEntry): DppParts {
  const record = trustedRecord(entry);
  if (record === undefined) throw damaged(entry, "its record is not the one it was given");
  const parts = record.parts();
  const files = parts.files.map((file) => withContent(file, entry));
  return { ...parts, files, bytecode: bytecodeOf(entry, files), isDetached: false };
}

function withContent(file: DppFile, entry: KeptEntry): DppFile {
  const { treePath } = placeInTree(file);
  const place = path.join(entry.path, TREE, treePath);
  const kept = fs.existsSync(place) ? packContent(fs.readFileSync(place)) : undefined;
  if (kept === undefined || Buffer.compare(kept.blake3, file.blake3) !== 0)
    throw damaged(entry, `\`${treePath}\` is not the file of the wheel`);
  return { ...file, ...kept };
}

const INVALIDATION: Readonly<Record<number, DppBytecode["invalidation"]>> = {
  0: "timestamp",
  1: "unchecked-hash",
  3: "checked-hash",
};

/** What was compiled here and is still as it was. */
function bytecodeOf({ path: folder }: KeptEntry, files: readonly DppFile[]): readonly DppBytecode[] {
  const indexes = new Map(files.map((file, index) => [placeInTree(file).treePath, index]));
  const found = listedBytecode(folder).flatMap(({ cacheTag, treePath, sha256 }): DppBytecode[] => {
    const file = indexes.get(treePath.replace(/__pycache__\/([^/]*)$/, "$1").replace(`.${cacheTag}.pyc`, ".py"));
    const place = path.join(folder, TREE, treePath);
    if (file === undefined || !fs.existsSync(place)) return [];
    const content = fs.readFileSync(place);
    const invalidation = content.length < 8 ? undefined : INVALIDATION[content.readUInt32LE(4)];
    return invalidation === undefined || sha256Of(content) !== sha256
      ? []
      : [{ file, cacheTag, invalidation, content }];
  });
  return found.sort((a, b) => a.file - b.file || (a.cacheTag < b.cacheTag ? -1 : 1));
}

const damaged = ({ label, path: folder }: KeptEntry, what: string): PybunError =>
  new PybunError("E_STORE_DAMAGED", `the store's copy of \`${label}\` is not whole: ${what}`, {
    hints: ["take it out of the store: `pybun verify --store`"],
    context: { path: folder },
  });

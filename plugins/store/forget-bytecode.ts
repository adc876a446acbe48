import fs from "node:fs";
import path from "node:path";
import { KEPT } from "../../plugin-api/model/store-layout.ts";
import type { EntryFault, KeptEntry } from "../../plugin-api/store-upkeep.ts";
import { namesIn } from "../../plugin-api/system/folder-entries.ts";
import { TREE } from "./places.ts";

/** See `StoreUpkeep.forgetBytecode`. The marks go first: without them bytecode is no more than what Python wrote itself. */
export function forgetBytecode({ path: folder }: KeptEntry, faults: readonly EntryFault[]): void {
  for (const name of namesIn(folder))
    if (name.startsWith("compiled-")) fs.rmSync(path.join(folder, name), { force: true });
  fs.rmSync(path.join(folder, KEPT.bytecode), { recursive: true, force: true });
  for (const { path: file } of faults) {
    const below = path.join(folder, TREE, path.dirname(file));
    const mode = fs.statSync(below, { throwIfNoEntry: false })?.mode;
    if (mode === undefined) continue;
    fs.chmodSync(below, 0o755);
    fs.rmSync(path.join(folder, TREE, file), { force: true });
    fs.chmodSync(below, mode & 0o777);
  }
}

import fs from "node:fs";
import path from "node:path";
import { readSitePaths } from "../../plugin-api/dpp/site-paths.ts";
import { hasSealedTime } from "../../plugin-api/model/store-layout.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import type { StoreTree, StoreTrees } from "../../plugin-api/store-trees.ts";
import { placesIn, RECORD, TREE } from "./places.ts";

const WITHIN = new RegExp(String.raw`^[0-9a-f]{2}[\\/][0-9a-f]{2}[\\/][0-9a-f]{64}(?=[\\/]${TREE}[\\/])`);

/** The trees of the store below the data directory. */
export default async function openTrees(session: Session): Promise<StoreTrees> {
  const packages = placesIn((await session.use(Host)).dataDir).packages + path.sep;
  const known = new Map<string, StoreTree>();
  const memory = scratch();
  return {
    at(asked) {
      const within = asked.startsWith(packages) ? WITHIN.exec(asked.slice(packages.length))?.[0] : undefined;
      if (within === undefined) return undefined;
      let tree = known.get(within);
      if (tree === undefined) known.set(within, (tree = treeOf(packages + within, memory)));
      return tree;
    },
    isSealed: hasSealedTime,
  };
}

function treeOf(entry: string, memory: (length: number) => Buffer): StoreTree {
  return {
    path: path.join(entry, TREE),
    filesEnding(endings) {
      const file = path.join(entry, RECORD);
      let fd: number | undefined;
      try {
        const opened = (fd = fs.openSync(file, "r"));
        const read = (at: number, length: number): Buffer => {
          const bytes = memory(length);
          return bytes.subarray(0, fs.readSync(opened, bytes, 0, length, at));
        };
        return readSitePaths(read, file, endings);
      } catch {
        return undefined;
      } finally {
        if (fd !== undefined) fs.closeSync(fd);
      }
    },
  };
}

const USUAL_BYTES = 64 * 1024;

/** One memory for all: what is new to the process costs more than what is read into it. */
function scratch(): (length: number) => Buffer {
  let memory = Buffer.allocUnsafe(USUAL_BYTES);
  return (length) => {
    if (length > memory.length) memory = Buffer.allocUnsafe(length);
    return memory.subarray(0, length);
  };
}

import crypto from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Sha256 } from "../../plugin-api/model/digest.ts";
import { Host, type Store } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { removeTree } from "../../plugin-api/system/remove-tree.ts";
import { hostileWheel, WHEEL_NAME, type WheelLies } from "../../test/harness/hostile-zip.ts";
import { sessionWith } from "../../test/harness/plugin-session.ts";
import openStore from "./store.ts";

export interface WheelOnDisk {
  readonly path: string;
  readonly filename: string;
  readonly sha256: Sha256;
}

/** A data directory, a folder for wheels, and stores opened on it. */
export interface Scene {
  readonly folder: string;
  readonly dataDir: string;
  readonly session: Session & { readonly emitted: readonly object[] };
  open(): Promise<Store & Disposable>;
  /** Writes a wheel called `WHEEL_NAME` into a folder of its own. */
  wheel(lies?: WheelLies | Buffer, filename?: string): WheelOnDisk;
  remove(): void;
}

export function openScene(): Scene {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "store-")));
  const dataDir = path.join(folder, "data");
  const session = sessionWith([[Host, { dataDir }]]);
  const stores: Disposable[] = [];
  let count = 0;
  return {
    folder,
    dataDir,
    session,
    open: async () => {
      const store = await openStore(session);
      stores.push(store);
      return store;
    },
    wheel: (lies = {}, filename = WHEEL_NAME) => {
      const bytes = Buffer.isBuffer(lies) ? lies : hostileWheel(lies);
      const file = path.join(folder, `wheels-${++count}`, filename);
      fs.mkdirSync(path.dirname(file));
      fs.writeFileSync(file, bytes);
      return { path: file, filename, sha256: crypto.hash("sha256", bytes) as Sha256 };
    },
    remove: () => {
      for (const store of stores) store[Symbol.dispose]();
      removeTree(folder);
    },
  };
}

/** All files below a folder, relative. */
export function filesIn(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  return files.map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name))).sort();
}
